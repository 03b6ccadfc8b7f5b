/** Grok Build: `sessions/<folder, URL-encoded>/<session>/updates.jsonl` below ~/.grok, with a `summary.json` beside it. */
import { basename, dirname, join } from "node:path";
import { fields, text } from "./fields.ts";
import { findFiles } from "./find-files.ts";
import { GrokSession, type GrokSummary } from "./grok-session.ts";
import { readLines } from "./lines.ts";
import type { Source, SourceContext } from "./source.ts";
import { readAside } from "./whole-file.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;
const WORDS = ['"turn_completed"', '"tool_call"', '"totalTokens"'];

export const grok: Source = {
  id: "grok",
  name: "Grok Build",
  provider: "x-ai",
  discover: (context) =>
    findFiles(
      rootsOf(context).map((root) => join(root, "sessions")),
      (name, depth) => depth === 2 && name === "updates.jsonl",
      (_, depth) => depth < 2,
    ),
  read(file, from, sink) {
    const session = new GrokSession(summaryOf(dirname(file.path)), sink);
    return readLines(file, from, WORDS, (bytes, start, end) => session.read(bytes, start, end), sink, session);
  },
};

function rootsOf({ env, home, extraPaths }: SourceContext): string[] {
  const told = (env["GROK_HOME"] ?? "").split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
  return [...(told.length > 0 ? told : [join(home, ".grok")]), ...extraPaths];
}

function summaryOf(folder: string): GrokSummary {
  const summary = fields(readAside(join(folder, "summary.json")));
  return {
    id: basename(folder),
    cwd: text(fields(summary?.["info"])?.["cwd"], MAX_PATH) ?? decoded(basename(dirname(folder))),
    branch: text(summary?.["head_branch"], MAX_PATH),
    commit: text(summary?.["head_commit"], MAX_ID),
    model: text(summary?.["current_model_id"], MAX_ID),
    isSubagent: text(summary?.["session_kind"], MAX_ID)?.startsWith("subagent") ?? false,
  };
}

function decoded(name: string): string | null {
  try {
    return text(decodeURIComponent(name), MAX_PATH);
  } catch {
    // Not a name that Grok made.
    return null;
  }
}
