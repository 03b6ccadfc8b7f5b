/** Goose: running counters of each session in `sessions/sessions.db` below its data folder. */
import { join } from "node:path";
import { providerOf } from "../core/providers.ts";
import type { Counters, SourceRecord } from "../core/record.ts";
import { columnOrNull, findDatabases, readTable } from "./database.ts";
import { count, nanoUsd, storedTimeMs, text } from "./fields.ts";
import { BAD_COUNTER } from "./json-line.ts";
import type { Source, SourceContext, SourceFile } from "./source.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;

export const goose: Source = {
  id: "goose",
  name: "Goose",
  provider: "goose",
  discover: (context) => findDatabases(folders(context), (name) => name === "sessions.db"),
  read: (file, _from, sink) =>
    readTable(file.path, { table: "sessions", needed: ["id", "accumulated_input_tokens"], sink }, (db, columns) => {
      const hasModel = columns.has("model_config_json");
      const model = "CASE WHEN json_valid(model_config_json) THEN json_extract(model_config_json, '$.model_name') END";
      const rows = db.prepare<[], SessionRow>(
        `SELECT rowid AS seq, ${hasModel ? model : "NULL"} AS model, ${COLUMNS.map((name) => columnOrNull(columns, name)).join(", ")} FROM sessions`,
      );
      for (const row of rows.iterate()) {
        const total = sessionTotal(row, file);
        if (typeof total === "string") sink.skip(row.seq, total);
        else if (total !== null) sink.total(total);
      }
    }),
};

/** GOOSE_PATH_ROOT is one folder and replaces the three defaults. */
function folders({ env, home, extraPaths }: SourceContext): string[] {
  const told = env["GOOSE_PATH_ROOT"];
  const share = env["XDG_DATA_HOME"] || join(home, ".local", "share");
  const defaults = [join(share, "goose"), join(home, "Library", "Application Support", "goose"), join(share, "Block", "goose")];
  return [...(told ? [join(told, "data")] : defaults), ...extraPaths, ...extraPaths.map((path) => join(path, "data"))].map((path) =>
    join(path, "sessions"),
  );
}

const COLUMNS = [
  "id",
  "working_dir",
  "created_at",
  "updated_at",
  "accumulated_total_tokens",
  "accumulated_input_tokens",
  "accumulated_output_tokens",
  "accumulated_cache_read_tokens",
  "accumulated_cache_write_tokens",
  "accumulated_cost",
  "provider_name",
] as const;

type SessionRow = Record<(typeof COLUMNS)[number] | "model", unknown> & { seq: number };

/** The running counters of a session; null when there are none; a string says why they are unreadable. */
function sessionTotal(row: SessionRow, file: SourceFile): SourceRecord | string | null {
  const counters = toCounters(row);
  const used = Object.values(counters).reduce((sum, one) => sum + one, 0);
  if (used === 0) return null;
  if (Number.isNaN(used)) return BAD_COUNTER;
  const id = text(row.id, MAX_ID);
  const model = text(row.model, MAX_ID);
  if (id === null) return "no id";
  if (model === null) return "no model";
  return {
    // Ids count the sessions of a day, so that two machines make the same ones.
    key: `${id}\0${text(row.created_at, MAX_ID) ?? ""}`,
    variant: "",
    tool: goose.id,
    provider: providerOf(text(row.provider_name, MAX_ID), model, goose.provider),
    model,
    sessionId: id,
    atMs: storedTimeMs(row.updated_at) ?? Math.round(file.mtimeMs),
    counters,
    fast: false,
    cwd: text(row.working_dir, MAX_PATH),
    loggedBranch: null,
    loggedCommit: null,
    reportedNanoUsd: nanoUsd(row.accumulated_cost),
    // Before version 14 of its tables (aaif-goose/goose#9752) it did not keep what of the input was read from a cache.
    approximate: row.accumulated_cache_read_tokens === null || counters.reasoning > 0,
    files: [],
  };
}

/** Input includes what was read from and written to a cache (aaif-goose/goose#9752). What only the total counts is thinking. */
function toCounters(row: SessionRow): Counters {
  const input = count(row.accumulated_input_tokens);
  const output = count(row.accumulated_output_tokens);
  const cacheRead = count(row.accumulated_cache_read_tokens);
  const cacheWrite = count(row.accumulated_cache_write_tokens);
  const reasoning = Math.max(0, count(row.accumulated_total_tokens) - input - output);
  const isWithin = input >= cacheRead + cacheWrite;
  return {
    input: isWithin ? input - cacheRead - cacheWrite : input,
    output: output + reasoning,
    reasoning,
    cacheRead,
    cacheWrite5m: cacheWrite,
    cacheWrite1h: 0,
    webSearches: 0,
  };
}
