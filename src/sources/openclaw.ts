/** OpenClaw, also under its earlier names: session logs anywhere below `~/.openclaw`, kept under other names when they are reset or deleted. */
import { join } from "node:path";
import { findFiles } from "./find-files.ts";
import { readPiLog } from "./pi-log.ts";
import { listed } from "./roots.ts";
import type { Source, SourceContext } from "./source.ts";

export const openclaw: Source = {
  id: "openclaw",
  name: "OpenClaw",
  provider: "anthropic",
  discover: (context) => findFiles(roots(context), isLog, mayHoldLogs),
  read: (file, from, sink) => readPiLog("openclaw", sessionFromPath(file.path), file, from, sink),
};

/** The agent's own variable is OPENCLAW_STATE_DIR; OPENCLAW_DIR lists folders that replace all. */
function roots({ env, home, extraPaths }: SourceContext): string[] {
  const told = listed(env["OPENCLAW_DIR"] || env["OPENCLAW_STATE_DIR"]);
  const own = [".openclaw", ".clawdbot", ".moltbot", ".moldbot"].map((name) => join(home, name));
  return [...(told.length > 0 ? told : own), ...extraPaths];
}

/** `<session>.jsonl`, `.jsonl.reset.<time>`, `.jsonl.deleted.<time>`; not what is compressed, nor trajectories, which tell the same otherwise. */
function isLog(name: string): boolean {
  return /\.jsonl(?:\.(?:deleted|reset)\.[^/]+)?$/.test(name) && !name.endsWith(".zst") && !name.includes(".trajectory.");
}

/** Workspaces hold the user's own files, and the other folders what the agent downloads. */
function mayHoldLogs(name: string): boolean {
  return !/^(?:\..*|workspace.*|node_modules|browser|extensions|media|plugins|skills)$/.test(name);
}

function sessionFromPath(path: string): string {
  const name = path.split(/[\\/]/).at(-1) as string;
  return name.slice(0, name.indexOf(".jsonl"));
}
