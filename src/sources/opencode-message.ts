/** One message of opencode, or of an agent made from it, to a record. The only place that knows the names of its fields. */
import { providerOf } from "../core/providers.ts";
import type { Counters, SourceRecord } from "../core/record.ts";
import { count, storedTimeMs, fields, nanoUsd, text } from "./fields.ts";
import { BAD_COUNTER } from "./json-line.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;

/** What is read of a message, and where it stands in the JSON, as SQLite writes paths. */
export const MESSAGE_PATHS = {
  role: "$.role",
  model: "$.modelID",
  provider: "$.providerID",
  created: "$.time.created",
  completed: "$.time.completed",
  cwd: "$.path.cwd",
  cost: "$.cost",
  input: "$.tokens.input",
  output: "$.tokens.output",
  reasoning: "$.tokens.reasoning",
  cacheRead: "$.tokens.cache.read",
  cacheWrite: "$.tokens.cache.write",
  total: "$.tokens.total",
} as const;

/** The same since version 2, which keeps the role in a column of its own. */
export const MESSAGE_PATHS_V2 = { ...MESSAGE_PATHS, role: "$.type", model: "$.model.id", provider: "$.model.providerID" } as const;

type Paths = Readonly<Record<keyof typeof MESSAGE_PATHS, string>>;
export type Told = Readonly<Record<keyof Paths, unknown>>;

const NAMES = Object.keys(MESSAGE_PATHS) as (keyof Paths)[];

/** SQL for what is read of `data`: a JSON array in the order of the names; NULL when it is no JSON. */
export function toldSql(paths: Paths, data = "data"): string {
  return `CASE WHEN json_valid(${data}) THEN json_extract(${data}, ${NAMES.map((name) => `'${paths[name]}'`).join(", ")}) END`;
}

/** Reads back what `toldSql` selected. */
export function toldFrom(selected: unknown): Told | null {
  if (typeof selected !== "string") return null;
  const values = JSON.parse(selected) as unknown[];
  return Object.fromEntries(NAMES.map((name, at) => [name, values[at]])) as Told;
}

/** The same of a message that is a JSON document; null when it is none. */
export function toldBy(document: unknown): Told | null {
  if (fields(document) === null) return null;
  const valueAt = (path: string) =>
    path
      .slice("$.".length)
      .split(".")
      .reduce<unknown>((value, name) => fields(value)?.[name], document);
  return Object.fromEntries(NAMES.map((name) => [name, valueAt(MESSAGE_PATHS[name])])) as Told;
}

/** A message that still grows: an answer without an end, a summary without counters. */
export function isUnfinished({ role, completed, input }: Told): boolean {
  return storedTimeMs(completed) === null && (role === "assistant" || (isAnswer(role) && typeof input !== "number"));
}

/** Since version 2 a summary is a message of its own kind, and billed like an answer. */
const isAnswer = (role: unknown): boolean => role === "assistant" || role === "compaction";

export interface MessagePlace {
  /** Id of the source. */
  tool: string;
  /** Who is billed for models of makers that nobody knows. */
  provider: string;
  id: unknown;
  sessionId: unknown;
  /** The session's folder, for messages that do not say where they were written. */
  directory: unknown;
  /** When the row was made, for messages that do not say. */
  createdAt: unknown;
  files: readonly string[];
  /** The id of the message that this one copies, or null. */
  copyOf: string | null;
}

/** The record of a message; null when it is no answer or used nothing; a string says why it is unreadable. */
export function messageRecord(told: Told, place: MessagePlace): SourceRecord | string | null {
  if (!isAnswer(told.role)) return null;
  const { counters, approximate } = toCounters(told);
  const used = Object.values(counters).reduce((sum, one) => sum + one, 0);
  if (used === 0) return null;
  if (Number.isNaN(used)) return BAD_COUNTER;
  const id = text(place.id, MAX_ID);
  const sessionId = text(place.sessionId, MAX_ID);
  const model = text(told.model, MAX_ID);
  const atMs = storedTimeMs(told.created) ?? storedTimeMs(place.createdAt);
  if (id === null || sessionId === null) return "no id";
  if (model === null) return "no model";
  if (atMs === null) return "no valid time";
  return {
    key: place.copyOf ?? id,
    variant: place.copyOf === null ? "" : null,
    tool: place.tool,
    provider: providerOf(text(told.provider, MAX_ID), model, place.provider),
    model,
    sessionId,
    atMs,
    counters,
    fast: false,
    cwd: text(told.cwd, MAX_PATH) ?? text(place.directory, MAX_PATH),
    loggedBranch: null,
    loggedCommit: null,
    reportedNanoUsd: nanoUsd(told.cost),
    approximate,
    files: place.files,
  };
}

/**
 * Output is logged without reasoning. Versions before April 2026 logged it with reasoning where the provider does (anomalyco/opencode#17566,
 * #21047): the total tells, and where there is none it stays an assumption. Those versions could also log less than nothing as input.
 */
function toCounters({ input, output, reasoning, cacheRead, cacheWrite, total }: Told): { counters: Counters; approximate: boolean } {
  const thought = count(reasoning);
  const said = count(output);
  const counters: Counters = {
    input: typeof input === "number" && input < 0 ? 0 : count(input),
    output: said,
    reasoning: thought,
    cacheRead: count(cacheRead),
    cacheWrite5m: count(cacheWrite),
    cacheWrite1h: 0,
    webSearches: 0,
  };
  const all = count(total);
  const isIncluded = all > 0 && thought <= said && all === counters.input + said + counters.cacheRead + counters.cacheWrite5m;
  if (!isIncluded) counters.output += thought;
  return { counters, approximate: thought > 0 && !(all > 0) };
}

const ID_WITH_TIME = /^msg_([0-9a-f]{12})[0-9A-Za-z]{14}$/;
/** An id begins with the low 48 bits of 4096 x the Unix milliseconds at which it was made. */
const TICKS_PER_MS = 4096;
const WRAP_MS = 2 ** 36;
/** Id and time of a message are made at once. */
const TOLERANCE_MS = 1000;

/**
 * Whether a message is one that a fork copied: the copy has a new id, and the time and the counters of the original. Ids in which no time can be
 * read are taken for originals.
 */
export function isCopy(id: unknown, { created }: Told): boolean {
  const hex = typeof id === "string" ? ID_WITH_TIME.exec(id)?.[1] : undefined;
  const createdMs = storedTimeMs(created);
  if (hex === undefined || createdMs === null) return false;
  const apart = Math.abs(Math.floor(Number.parseInt(hex, 16) / TICKS_PER_MS) - (createdMs % WRAP_MS));
  return Math.min(apart, WRAP_MS - apart) > TOLERANCE_MS;
}

/** What a copy shares with its original and with nothing else. */
export function fingerprint({ created, completed, provider, model, input, output, reasoning, cacheRead, cacheWrite }: Told): string {
  return JSON.stringify([created, completed, provider, model, input, output, reasoning, cacheRead, cacheWrite]);
}

/** Which message each of some copies stands for: the first that was made of those with its fingerprint. */
export class Originals {
  readonly #first = new Map<string, string>();

  add(id: unknown, told: Told): void {
    if (typeof id !== "string" || id.length > MAX_ID) return;
    const mark = fingerprint(told);
    const known = this.#first.get(mark);
    if (known === undefined || id < known) this.#first.set(mark, id);
  }

  /** Null when the message is the first itself. */
  of(id: unknown, told: Told): string | null {
    const first = this.#first.get(fingerprint(told));
    return first === undefined || first === id ? null : first;
  }
}
