/** Every source, in one list. To add one, see README.md. */
import { claudeCode } from "./claude-code.ts";
import { copilot } from "./copilot.ts";
import type { Source } from "./source.ts";

export const SOURCES: readonly Source[] = [claudeCode, copilot];
