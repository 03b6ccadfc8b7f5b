/** ZCode: one row a model call, in table `model_usage` of `cli/db/db.sqlite` below its folder. */
import { join } from "node:path";
import { providerOf } from "../core/providers.ts";
import type { Counters, SourceRecord } from "../core/record.ts";
import { columnOrNull, columnsOf, findDatabases, missingIn, readDatabase } from "./database.ts";
import { count, storedTimeMs, text } from "./fields.ts";
import { BAD_COUNTER } from "./json-line.ts";
import { anchorOf, asSeenRows, readNewRows, type TableRow } from "./new-rows.ts";
import type { Source } from "./source.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;

export const zcode: Source = {
  id: "zcode",
  name: "ZCode",
  provider: "zai",
  discover: ({ home, extraPaths }) =>
    findDatabases(
      [join(home, ".zcode"), ...extraPaths].map((root) => join(root, "cli", "db")),
      (name) => name === "db.sqlite",
    ),
  read: (file, from, sink) =>
    readDatabase(file.path, function* (db) {
      const columns = columnsOf(db, "model_usage");
      const missing = missingIn(columns, "model_usage", ["id", "session_id", "model_id", "started_at", "input_tokens", "output_tokens"]);
      if (missing !== null) {
        sink.restart();
        sink.skip(0, missing);
        yield { offset: 0, anchor: "" };
        return;
      }
      const session = columnsOf(db, "session");
      const directory =
        session.has("id") && session.has("directory") ? "(SELECT directory FROM session WHERE session.id = session_id)" : "NULL";
      const query = {
        table: "model_usage",
        id: "id",
        updated: null,
        fields: `${directory} AS directory, ${COLUMNS.map((name) => columnOrNull(columns, name)).join(", ")}`,
      };
      const take = (rows: readonly UsageRow[]): string[] => {
        for (const row of rows) {
          const record = callRecord(row);
          if (typeof record === "string") sink.skip(row.seq, record);
          else if (record !== null) sink.record(record);
        }
        return rows.flatMap((row) => (isUnfinished(row) ? (idOf(row) ?? []) : []));
      };
      const seen = asSeenRows(anchorOf(from));
      for (const rows of readNewRows<UsageRow>(db, query, seen, { take, restart: () => sink.restart() })) {
        yield { offset: 0, anchor: JSON.stringify(rows) };
      }
    }),
};

const COLUMNS = [
  "session_id",
  "model_id",
  "provider_id",
  "status",
  "started_at",
  "completed_at",
  "input_tokens",
  "output_tokens",
  "reasoning_tokens",
  "cache_creation_input_tokens",
  "cache_read_input_tokens",
  "computed_total_tokens",
] as const;

type UsageRow = TableRow & Record<(typeof COLUMNS)[number] | "directory", unknown>;

const isUnfinished = ({ status, completed_at }: UsageRow): boolean => status === "running" || (status === null && completed_at === null);

/** Older tables count their rows, newer ones name them. */
function idOf({ id }: UsageRow): string | null {
  return typeof id === "number" ? String(id) : text(id, MAX_ID);
}

/** The record of a call; null when nothing was used; a string says why it is unreadable. Calls that failed are billed for what they used. */
function callRecord(row: UsageRow): SourceRecord | string | null {
  const counters = toCounters(row);
  const used = Object.values(counters).reduce((sum, one) => sum + one, 0);
  if (used === 0) return null;
  if (Number.isNaN(used)) return BAD_COUNTER;
  const id = idOf(row);
  const sessionId = text(row.session_id, MAX_ID);
  const model = text(row.model_id, MAX_ID);
  const atMs = storedTimeMs(row.started_at);
  if (id === null || sessionId === null) return "no id";
  if (model === null) return "no model";
  if (atMs === null) return "no valid time";
  return {
    // A row's number says little: another database counts from 1 as well.
    key: typeof row.id === "number" ? `${sessionId}\0${atMs}\0${id}` : id,
    variant: "",
    tool: zcode.id,
    provider: providerFor(text(row.provider_id, MAX_ID), model),
    model,
    sessionId,
    atMs,
    counters,
    fast: false,
    cwd: text(row.directory, MAX_PATH),
    loggedBranch: null,
    loggedCommit: null,
    reportedNanoUsd: null,
    approximate: false,
    files: [],
  };
}

/** Its own plans are called `builtin:zai-...` or `builtin:bigmodel-...`; a connection that the user added has a random id. */
function providerFor(named: string | null, model: string): string {
  return named !== null && /^builtin:(?:zai|bigmodel)/.test(named) ? zcode.provider : providerOf(null, model, zcode.provider);
}

/** Input includes caches. Whether output includes reasoning differs, and the total that ZCode computes itself tells. */
function toCounters(row: UsageRow): Counters {
  const input = count(row.input_tokens);
  const output = count(row.output_tokens);
  const reasoning = count(row.reasoning_tokens);
  const cacheRead = count(row.cache_read_input_tokens);
  const cacheWrite = count(row.cache_creation_input_tokens);
  const isIncluded = reasoning <= output && count(row.computed_total_tokens) === input + output;
  return {
    input: input >= cacheRead + cacheWrite ? input - cacheRead - cacheWrite : input,
    output: isIncluded ? output : output + reasoning,
    reasoning,
    cacheRead,
    cacheWrite5m: cacheWrite,
    cacheWrite1h: 0,
    webSearches: 0,
  };
}
