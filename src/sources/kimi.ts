/** Kimi CLI: `sessions/<MD5 of the folder>/<session>/wire.jsonl` below `~/.kimi`, subagents in `<session>/subagents/<agent>/wire.jsonl`. */
import { join } from "node:path";
import { providerOf } from "../core/providers.ts";
import { findFiles } from "./find-files.ts";
import { lineFields, NOT_JSON } from "./json-line.ts";
import { kimiHome } from "./kimi-home.ts";
import { kimiEvent, type KimiEvent, kimiFile, kimiUsage } from "./kimi-line.ts";
import { type LineState, readLines } from "./lines.ts";
import { inner, listed } from "./roots.ts";
import type { Sink, Source, SourceContext, SourceFile } from "./source.ts";

export const kimi: Source = {
  id: "kimi",
  name: "Kimi CLI",
  provider: "moonshotai",
  discover: (context) =>
    findFiles(
      roots(context).map((root) => inner(root, "sessions")),
      (name) => name === "wire.jsonl",
    ),
  read(file, from, sink, all) {
    const log = new KimiLog(file, all, sink);
    const read = (bytes: Buffer, start: number, end: number) => {
      const line = lineFields(bytes, start, end);
      const event = line === null ? null : kimiEvent(line);
      return line === null ? NOT_JSON : event === null ? null : log.event(event);
    };
    return readLines(file, from, WORDS, read, sink, log);
  },
};

const WORDS = ['"token_usage"', '"WriteFile"', '"StrReplaceFile"'];
const MAX_FILES = 200;
const MAX_KEPT_CHARS = 60_000;

/** KIMI_DATA_DIR lists folders that replace the agent's own, which KIMI_SHARE_DIR moves. */
function roots({ env, home, extraPaths }: SourceContext): string[] {
  const told = listed(env["KIMI_DATA_DIR"]);
  return [...(told.length > 0 ? told : [env["KIMI_SHARE_DIR"] || join(home, ".kimi")]), ...extraPaths];
}

/** The service's own name for whatever it runs, and what that was until and from then on. */
const LABEL = "kimi-for-coding";
const K26_FROM_MS = Date.parse("2026-04-20T00:00:00Z");

/** One log while it is read. Calls are logged before the usage of the response that made them. */
class KimiLog implements LineState {
  private readonly sink: Sink;
  private readonly sessionId: string;
  /** The agent whose log it is; null for the session's own. */
  private readonly agentId: string | null;
  private readonly cwd: string | null;
  private readonly model: string;
  /** Files of calls whose response is still to come, with the agent that made them. */
  private pending: [agentId: string | null, file: string][] = [];

  constructor(file: SourceFile, all: readonly SourceFile[], sink: Sink) {
    this.sink = sink;
    const parts = file.path.split(/[\\/]/);
    const top = parts.lastIndexOf("sessions");
    const [group = "", session = "", , agent] = parts.slice(top + 1);
    const home = kimiHome(file.path.slice(0, parts.slice(0, Math.max(0, top)).join("/").length), all);
    this.sessionId = session === "wire.jsonl" ? group : session;
    this.agentId = parts.length - top > 5 ? (agent ?? null) : null;
    this.cwd = home.folders.get(group) ?? null;
    this.model = home.model ?? LABEL;
  }

  restore(saved: string): void {
    this.pending = JSON.parse(saved) as [string | null, string][];
  }

  save(): string {
    const saved = JSON.stringify(this.pending);
    return saved.length > MAX_KEPT_CHARS ? "[]" : saved;
  }

  /** Returns why the event is unreadable, or null. */
  event(event: KimiEvent): string | null {
    const agentId = event.agentId ?? this.agentId;
    const file = kimiFile(event);
    if (file !== null && this.pending.length < MAX_FILES) this.pending.push([agentId, file]);
    const found = kimiUsage(event);
    if (typeof found === "string" || found === null) return found;
    const atMs = event.atMs as number;
    const { counters, messageId } = found;
    const model = this.model.endsWith(LABEL) ? (atMs < K26_FROM_MS ? "kimi-k2.5" : "kimi-k2.6") : this.model;
    const sums = [counters.input, counters.output, counters.cacheRead, counters.cacheWrite5m];
    this.sink.record({
      // A subagent's response is told in its own log and in its session's, at times that differ a little.
      key: messageId ?? [this.sessionId, agentId ?? atMs, ...sums].join(":"),
      variant: "",
      tool: "kimi",
      provider: providerOf(null, model, "moonshotai"),
      model,
      sessionId: this.sessionId,
      atMs,
      counters,
      fast: false,
      cwd: this.cwd,
      loggedBranch: null,
      loggedCommit: null,
      reportedNanoUsd: null,
      // The log names no model: what is set up now need not be what was used.
      approximate: true,
      files: [...new Set(this.pending.flatMap(([by, path]) => (by === agentId ? [path] : [])))],
    });
    this.pending = this.pending.filter(([by]) => by !== agentId);
    return null;
  }
}
