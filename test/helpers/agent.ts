/** Writes Claude Code logs the way the agent does, one response at a time, with counters a test can add up by hand. */
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox } from "./sandbox.ts";

export interface Response {
  cwd: string;
  /** Milliseconds; default now. */
  atMs?: number;
  session?: string;
  model?: string;
  input?: number;
  output?: number;
  cacheRead?: number;
  write5m?: number;
  write1h?: number;
  branch?: string;
  /** Files edited by this response, absolute. */
  edits?: readonly string[];
  id?: string;
  requestId?: string | null;
  sidechain?: boolean;
  /** More fields of `message.usage`. */
  usage?: Record<string, unknown>;
}

/** A sentence that must never leave the log: tests search database, notes, logs and reports for it. */
export const SENTINEL = "SENTINEL-PROMPT-do-not-keep";

let counter = 0;

/** One log line of a response, as text without the newline. */
export function claudeLine(response: Response): string {
  const n = ++counter;
  const write5m = response.write5m ?? 0;
  const write1h = response.write1h ?? 0;
  const content: unknown[] = [{ type: "text", text: SENTINEL }];
  for (const path of response.edits ?? []) {
    content.push({
      type: "tool_use",
      id: `toolu_${n}`,
      name: "Edit",
      input: { file_path: path, old_string: SENTINEL, new_string: SENTINEL },
    });
  }
  return JSON.stringify({
    parentUuid: null,
    isSidechain: response.sidechain ?? false,
    userType: "external",
    cwd: response.cwd,
    sessionId: response.session ?? "session-1",
    version: "2.1.63",
    gitBranch: response.branch ?? "main",
    message: {
      model: response.model ?? "claude-sonnet-4-5-20250929",
      id: response.id ?? `msg_${process.pid}_${n}`,
      type: "message",
      role: "assistant",
      content,
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens: response.input ?? 0,
        cache_creation_input_tokens: write5m + write1h,
        cache_read_input_tokens: response.cacheRead ?? 0,
        cache_creation: { ephemeral_5m_input_tokens: write5m, ephemeral_1h_input_tokens: write1h },
        output_tokens: response.output ?? 0,
        service_tier: "standard",
        ...response.usage,
      },
    },
    ...(response.requestId === null ? {} : { requestId: response.requestId ?? `req_${process.pid}_${n}` }),
    type: "assistant",
    uuid: `uuid-${n}`,
    timestamp: new Date(response.atMs ?? Date.now()).toISOString(),
  });
}

/** Where Claude Code would log a session that runs in `cwd`. */
export function claudeLog(box: Sandbox, cwd: string, session: string): string {
  const dir = join(box.home, ".claude", "projects", cwd.replace(/[^A-Za-z0-9-]/g, "-"));
  mkdirSync(dir, { recursive: true });
  return join(dir, `${session}.jsonl`);
}

/** Appends one response to the agent's log. sonnet-4-5 costs 3 $/M input, 15 $/M output: 1,000 output tokens = 0.015 $. */
export function respond(box: Sandbox, response: Response): void {
  appendFileSync(claudeLog(box, response.cwd, response.session ?? "session-1"), `${claudeLine(response)}\n`);
}
