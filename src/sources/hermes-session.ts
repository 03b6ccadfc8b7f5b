/** Rows of Hermes Agent's tables to running counters. The only place that knows the names of their columns. */
import { providerOf } from "../core/providers.ts";
import type { Counters, SourceRecord } from "../core/record.ts";
import { count, nanoUsd, storedTimeMs, text } from "./fields.ts";
import { BAD_COUNTER } from "./json-line.ts";
import type { SourceFile } from "./source.ts";

const TOOL = "hermes";
const PROVIDER = "nous";
const MAX_ID = 256;
const MAX_PATH = 4096;

const COUNTERS = ["input_tokens", "output_tokens", "reasoning_tokens", "cache_read_tokens", "cache_write_tokens"] as const;
const COSTS = ["actual_cost_usd", "estimated_cost_usd"] as const;

export const SESSION_COLUMNS = ["id", "model", "billing_provider", "cwd", "ended_at", "last_activity_at", ...COUNTERS, ...COSTS] as const;
export const AUXILIARY_COLUMNS = ["session_id", "model", "billing_provider", "task", "last_seen", ...COUNTERS, ...COSTS] as const;

type Usage = Record<(typeof COUNTERS)[number] | (typeof COSTS)[number], unknown>;

export type SessionRow = Record<(typeof SESSION_COLUMNS)[number], unknown> & {
  seq: number;
  /** The time of the session's latest message. */
  last_message: unknown;
  /** How many models the conversation used. */
  models: unknown;
};

export type AuxiliaryRow = Record<(typeof AUXILIARY_COLUMNS)[number], unknown> & { seq: number; cwd: unknown };

/** The running counters of a session; null when there are none; a string says why they are unreadable. */
export function sessionTotal(row: SessionRow, file: SourceFile): SourceRecord | string | null {
  const times = [row.last_activity_at, row.last_message, row.ended_at].flatMap((time) => storedTimeMs(time) ?? []);
  return toTotal(row, {
    key: [row.id],
    sessionId: row.id,
    model: row.model,
    provider: row.billing_provider,
    cwd: row.cwd,
    atMs: times.length > 0 ? Math.max(...times) : Math.round(file.mtimeMs),
    // The session names the model it uses now; what was used between two looks may have been another's.
    approximate: typeof row.models === "number" && row.models > 1,
  });
}

/** Counted with the session as well, unlike all other work beside the conversation (`update_token_counts` in its hermes_state_usage.py). */
const COUNTED_TWICE = "voice_chat";

/** The same of one kind of work that a session did with one model beside the conversation. */
export function auxiliaryTotal(row: AuxiliaryRow, file: SourceFile): SourceRecord | string | null {
  if (row.task === COUNTED_TWICE) return null;
  return toTotal(row, {
    key: [row.session_id, row.task, row.model, row.billing_provider],
    sessionId: row.session_id,
    model: row.model,
    provider: row.billing_provider,
    cwd: row.cwd,
    atMs: storedTimeMs(row.last_seen) ?? Math.round(file.mtimeMs),
    approximate: false,
  });
}

interface Told {
  key: readonly unknown[];
  sessionId: unknown;
  model: unknown;
  provider: unknown;
  cwd: unknown;
  atMs: number;
  approximate: boolean;
}

function toTotal(usage: Usage, told: Told): SourceRecord | string | null {
  const counters = toCounters(usage);
  const used = Object.values(counters).reduce((sum, one) => sum + one, 0);
  if (used === 0) return null;
  if (Number.isNaN(used)) return BAD_COUNTER;
  const sessionId = text(told.sessionId, MAX_ID);
  const model = text(told.model, MAX_ID);
  if (sessionId === null) return "no id";
  if (model === null) return "no model";
  return {
    key: told.key.map((part) => text(part, MAX_ID) ?? "").join("\0"),
    variant: "",
    tool: TOOL,
    provider: providerOf(text(told.provider, MAX_ID), model, PROVIDER),
    model,
    sessionId,
    atMs: told.atMs,
    counters,
    fast: false,
    cwd: text(told.cwd, MAX_PATH),
    loggedBranch: null,
    loggedCommit: null,
    reportedNanoUsd: nanoUsd(usage.actual_cost_usd) ?? nanoUsd(usage.estimated_cost_usd),
    approximate: told.approximate,
    files: [],
  };
}

/** Input excludes caches, output includes reasoning: so `normalize_usage` in its agent/usage_pricing.py sorts what providers answer. */
function toCounters(usage: Usage): Counters {
  const output = count(usage.output_tokens);
  return {
    input: count(usage.input_tokens),
    output,
    reasoning: Math.min(output, count(usage.reasoning_tokens)),
    cacheRead: count(usage.cache_read_tokens),
    cacheWrite5m: count(usage.cache_write_tokens),
    cacheWrite1h: 0,
    webSearches: 0,
  };
}
