/** Claude Code: `projects/<slug>/<session>.jsonl` below its configuration folders, one line a content block of a response. */
import { join } from "node:path";
import { claudeRecord, type PathSession, WORD } from "./claude-line.ts";
import type { ClaudeScan } from "./claude-scan.ts";
import { findFiles } from "./find-files.ts";
import { type ChunkScan, type LineReader, readLines } from "./lines.ts";
import type { Sink, Source, SourceContext } from "./source.ts";

export const claudeCode: Source = {
  id: "claude-code",
  name: "Claude Code",
  provider: "anthropic",
  discover: (context) => findFiles(roots(context), (name) => name.endsWith(".jsonl")),
  *read(file, from, sink) {
    const session = sessionFromPath(file.path);
    const parse: LineReader = (bytes, start, end) => {
      const found = claudeRecord(bytes, start, end, session);
      if (typeof found === "string") return found;
      if (found !== null) sink.record(found);
      return null;
    };
    const scan = spare;
    spare = null;
    try {
      yield* readLines(file, from, WORD, parse, sink, undefined, scan === null ? null : scanned(scan, session, sink));
    } finally {
      spare ??= scan;
    }
  },
};

/** Waits for the next file; null where there is none, or while a file is read with it. */
let spare: ClaudeScan | null = null;

/** From now on lines are read with `scan`, for whoever reads so much that loading it is worth while; null: without. */
export function useClaudeScan(scan: ClaudeScan | null): void {
  spare = scan;
}

function scanned(scan: ClaudeScan, session: PathSession, sink: Sink): ChunkScan {
  const { lines } = scan;
  const read = () => {
    const found = scan.record(session);
    if (found) sink.record(found);
    return found !== undefined;
  };
  return { bytes: lines.bytes, visit: (start, end, parse) => lines.visit(start, end, read, parse) };
}

/** CLAUDE_CONFIG_DIR replaces both defaults and may be a list; each of its folders is a configuration folder or its `projects`. */
function roots({ env, home, extraPaths }: SourceContext): string[] {
  const told = (env["CLAUDE_CONFIG_DIR"] ?? "").split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
  const defaults = [join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "claude"), join(home, ".claude")];
  return [...(told.length > 0 ? told : defaults), ...extraPaths].map((dir) =>
    /[\\/]projects[\\/]*$/.test(dir) ? dir : join(dir, "projects"),
  );
}

function sessionFromPath(path: string): PathSession {
  const parts = path.split(/[\\/]/);
  const above = parts.lastIndexOf("subagents");
  if (above > 0) return { id: parts[above - 1] as string, certain: true };
  return { id: (parts.at(-1) as string).replace(/\.jsonl$/, ""), certain: false };
}
