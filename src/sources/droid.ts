/** Factory Droid: running counters in `<session>.settings.json`, the conversation in `<session>.jsonl` beside it. */
import { basename, join } from "node:path";
import { providerOf } from "../core/providers.ts";
import type { Counters } from "../core/record.ts";
import { DroidLog } from "./droid-log.ts";
import { count, type Fields, fields, text } from "./fields.ts";
import { findFiles } from "./find-files.ts";
import { BAD_COUNTER } from "./json-line.ts";
import { anchorOf } from "./new-rows.ts";
import { inner, listed } from "./roots.ts";
import type { Sink, Source, SourceContext, SourceFile } from "./source.ts";
import { readDocument } from "./whole-file.ts";

const ENDING = ".settings.json";
const MAX_ID = 256;

export const droid: Source = {
  id: "droid",
  name: "Factory Droid",
  provider: "factory",
  discover: (context) => findFiles(roots(context), (name) => name.endsWith(ENDING)),
  *read(file, from, sink) {
    const log = new DroidLog(`${file.path.slice(0, -ENDING.length)}.jsonl`, anchorOf(from));
    for (const { offset } of readDocument(file, sink, (document) => takeSettings(document, file, log, sink))) {
      yield { offset, anchor: log.anchor() };
    }
  },
};

function roots({ env, home, extraPaths }: SourceContext): string[] {
  const told = listed(env["DROID_SESSIONS_DIR"]);
  return [...(told.length > 0 ? told : [join(home, ".factory", "sessions")]), ...extraPaths.map((root) => inner(root, "sessions"))];
}

function takeSettings(document: unknown, file: SourceFile, log: DroidLog, sink: Sink): void {
  const settings = fields(document);
  const usage = fields(settings?.["tokenUsage"]);
  if (settings === null || usage === null) return;
  const counters = toCounters(usage);
  const used = Object.values(counters).reduce((sum, one) => sum + one, 0);
  if (used === 0) return;
  const sessionId = text(basename(file.path).slice(0, -ENDING.length), MAX_ID);
  const model = modelName(settings["model"]);
  if (Number.isNaN(used)) sink.skip(0, BAD_COUNTER);
  else if (sessionId === null) sink.skip(0, "no id");
  else if (model === null) sink.skip(0, "no model");
  else {
    log.read();
    sink.total({
      key: sessionId,
      variant: "",
      tool: droid.id,
      provider: providerOf(null, model, providerOf(text(settings["providerLock"], MAX_ID), model, droid.provider)),
      model,
      sessionId,
      atMs: log.lastMs ?? Math.round(file.mtimeMs),
      counters,
      fast: false,
      cwd: log.cwd,
      loggedBranch: null,
      loggedCommit: null,
      reportedNanoUsd: null,
      // Nothing says whether thinking is also in the output: where there is any, the sum is an upper bound.
      approximate: counters.reasoning > 0,
      files: log.editsFor(Object.values(counters).join(" ")),
    });
  }
}

function toCounters(usage: Fields): Counters {
  const reasoning = count(usage["thinkingTokens"]);
  return {
    input: count(usage["inputTokens"]),
    output: count(usage["outputTokens"]) + reasoning,
    reasoning,
    cacheRead: count(usage["cacheReadTokens"]),
    cacheWrite5m: count(usage["cacheCreationTokens"]),
    cacheWrite1h: 0,
    webSearches: 0,
  };
}

/** Models with a key of the user's own have the name that the user gave them: `custom:Claude-Opus-4.5-[Anthropic]-0`. */
function modelName(value: unknown): string | null {
  const name = text(value, MAX_ID);
  if (name === null || !name.startsWith("custom:")) return name;
  const plain = name
    .slice("custom:".length)
    .replace(/[\s-]*\[[^\]]*\](?:-\d+)?$/, "")
    .trim()
    .replaceAll(/\s+/g, "-")
    .toLowerCase();
  return plain === "" ? name : plain;
}
