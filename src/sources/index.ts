/** Every source, in one list. To add one, see README.md. */
import { amp } from "./amp.ts";
import { claudeCode } from "./claude-code.ts";
import { cline } from "./cline.ts";
import { codebuff } from "./codebuff.ts";
import { codex } from "./codex.ts";
import { copilot } from "./copilot.ts";
import { droid } from "./droid.ts";
import { gemini } from "./gemini.ts";
import { goose } from "./goose.ts";
import { grok } from "./grok.ts";
import { hermes } from "./hermes.ts";
import { kiloCode } from "./kilo-code.ts";
import { kilo } from "./kilo.ts";
import { kimi } from "./kimi.ts";
import { openclaw } from "./openclaw.ts";
import { opencode } from "./opencode.ts";
import { pi } from "./pi.ts";
import { qwen } from "./qwen.ts";
import { roo } from "./roo.ts";
import { zcode } from "./zcode.ts";
import type { Source } from "./source.ts";

export const SOURCES: readonly Source[] = [
  claudeCode,
  amp,
  cline,
  codebuff,
  codex,
  copilot,
  droid,
  gemini,
  goose,
  grok,
  hermes,
  kilo,
  kiloCode,
  kimi,
  openclaw,
  opencode,
  pi,
  qwen,
  roo,
  zcode,
];
