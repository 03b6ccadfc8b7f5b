/** pi: `sessions/<folder>/<time>_<session>.jsonl` below `~/.pi/agent`. */
import { join } from "node:path";
import { findFiles } from "./find-files.ts";
import { readPiLog } from "./pi-log.ts";
import { inner, listed } from "./roots.ts";
import type { Source, SourceContext } from "./source.ts";

export const pi: Source = {
  id: "pi",
  name: "pi",
  provider: "anthropic",
  discover: (context) => findFiles(roots(context), (name) => name.endsWith(".jsonl")),
  read: (file, from, sink) => readPiLog("pi", sessionFromPath(file.path), file, from, sink),
};

/**
 * PI_AGENT_DIR lists folders that replace the agent's own, which PI_CODING_AGENT_DIR moves, and PI_CODING_AGENT_SESSION_DIR its sessions alone.
 * Each is the agent's folder or its `sessions`.
 */
function roots({ env, home, extraPaths }: SourceContext): string[] {
  const told = listed(env["PI_AGENT_DIR"]);
  const agent = env["PI_CODING_AGENT_DIR"] || join(home, ".pi", "agent");
  const own = env["PI_CODING_AGENT_SESSION_DIR"] || inner(agent, "sessions");
  return [...(told.length > 0 ? told.map((dir) => inner(dir, "sessions")) : [own]), ...extraPaths.map((dir) => inner(dir, "sessions"))];
}

function sessionFromPath(path: string): string {
  const name = (path.split(/[\\/]/).at(-1) as string).replace(/\.jsonl$/, "");
  return name.slice(name.lastIndexOf("_") + 1);
}
