/** Claude Code: `projects/<slug>/<session>.jsonl` below its configuration folders, one line a content block of a response. */
import { join } from "node:path";
import { claudeRecord, type PathSession } from "./claude-line.ts";
import { findFiles } from "./find-files.ts";
import { readLines } from "./lines.ts";
import type { Source, SourceContext } from "./source.ts";

export const claudeCode: Source = {
  id: "claude-code",
  name: "Claude Code",
  provider: "anthropic",
  discover: (context) => findFiles(roots(context), (name) => name.endsWith(".jsonl")),
  read(file, from, sink) {
    const session = sessionFromPath(file.path);
    return readLines(
      file,
      from,
      WORD,
      (bytes, start, end) => {
        const found = claudeRecord(bytes, start, end, session);
        if (typeof found === "string") return found;
        if (found !== null) sink.record(found);
        return null;
      },
      sink,
    );
  },
};

/** Ends the names of `input_tokens` and `output_tokens`, which every usage has. Long enough for a search that leaps. */
const WORD = 'put_tokens"';

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
