/** Reads of a table only what was added since the last time, and what was not finished then. */
import type { Db } from "../platform/sqlite.ts";
import type { Position } from "./source.ts";

/** How far a table has been read. */
export interface SeenRows {
  /** The highest row number. */
  seq: number;
  /** That row's own id, to tell whether rows were numbered anew (VACUUM does that). */
  id: string;
  /** The latest time of change, as the table counts; 0 when it has no such column. */
  updated: number;
  /** Ids of rows that were not finished. */
  open: string[];
}

/** What every row must select besides what the source asks for. */
export interface TableRow {
  seq: number;
  id: unknown;
}

export interface TableQuery {
  table: string;
  /** The column of the row's own id. */
  id: string;
  /** The column that says when a row was last written, or null. */
  updated: string | null;
  /** What to select, with `rowid AS seq` and the id `AS id` added. */
  fields: string;
}

const CHUNK_ROWS = 1000;
/** More unfinished rows than these were left by agents that crashed: the oldest are given up. */
const MAX_OPEN = 500;
const MAX_ID = 256;

/** What a reader of rows does with them. */
export interface RowTaker<Row> {
  /** Takes a chunk of rows, in the order they were added; returns the ids of those that are not finished. */
  take: (rows: readonly Row[]) => Iterable<string>;
  /** All rows are read, from the first. */
  restart: () => void;
}

/**
 * Yields after each chunk how far it is. Where rows were numbered anew, those changed since are read, or all when the table does not say when
 * a row was changed.
 */
export function* readNewRows<Row extends TableRow>(
  db: Db,
  query: TableQuery,
  from: SeenRows | null,
  { take, restart }: RowTaker<Row>,
): Generator<SeenRows> {
  const { table, id, updated, fields } = query;
  const follows = from !== null && from.seq > 0 && rowAt(db, query, `rowid = ${from.seq}`)?.id === from.id;
  const since = from === null || follows || updated === null ? null : from.updated;
  const seen: SeenRows = { seq: follows ? from.seq : 0, id: follows ? from.id : "", updated: from?.updated ?? 0, open: [] };
  if (!follows && since === null) restart();
  const select = `SELECT rowid AS seq, ${id} AS id, ${updated ?? "0"} AS updatedAt, ${fields} FROM ${table}`;
  const open = new Set<string>();
  if (from !== null && from.open.length > 0) {
    const again = db.prepare<[string], Row>(`${select} WHERE ${id} IN (SELECT value FROM json_each(?)) ORDER BY rowid`);
    for (const unfinished of take(again.all(JSON.stringify(from.open)))) open.add(unfinished);
  }
  // Taken before the rows are read: what is added meanwhile is left for the next time.
  const newest = since === null ? null : rowAt(db, query, `rowid = (SELECT max(rowid) FROM ${table})`);
  const next = db.prepare<[number, number], Row & { updatedAt: unknown }>(
    `${select} WHERE rowid > ? AND ${since === null ? "0" : (updated ?? "0")} >= ? ORDER BY rowid LIMIT ${CHUNK_ROWS}`,
  );
  for (;;) {
    const rows = next.all(seen.seq, since ?? 0);
    for (const unfinished of take(rows)) open.add(unfinished);
    const ended = rows.length < CHUNK_ROWS;
    const last = ended && newest !== null && newest.seq > (rows.at(-1)?.seq ?? 0) ? newest : rows.at(-1);
    if (last !== undefined) {
      seen.seq = last.seq;
      seen.id = shortId(last.id);
    }
    for (const { updatedAt } of rows) if (typeof updatedAt === "number") seen.updated = Math.max(seen.updated, updatedAt);
    yield { ...seen, open: [...open].slice(-MAX_OPEN) };
    if (ended) return;
  }
}

function rowAt(db: Db, { table, id }: TableQuery, where: string): { seq: number; id: string } | null {
  const row = db.prepare<[], TableRow>(`SELECT rowid AS seq, ${id} AS id FROM ${table} WHERE ${where}`).get();
  return row === undefined ? null : { seq: row.seq, id: shortId(row.id) };
}

/** Ids are kept between runs: one that no agent makes is not. */
function shortId(id: unknown): string {
  const text = typeof id === "number" ? String(id) : id;
  return typeof text === "string" && text.length <= MAX_ID ? text : "";
}

/** What a source keeps as JSON in the anchor of a position; null when there is none, or another version wrote it. */
export function anchorOf(from: Position | null): unknown {
  if (from === null || from.anchor === "") return null;
  try {
    return JSON.parse(from.anchor);
  } catch {
    // Then everything is read again.
    return null;
  }
}

/** Reads back what `JSON.stringify` made of a SeenRows; null when it is anything else. */
export function asSeenRows(value: unknown): SeenRows | null {
  if (typeof value !== "object" || value === null) return null;
  const { seq, id, updated, open } = value as Partial<SeenRows>;
  if (typeof seq !== "number" || typeof id !== "string" || typeof updated !== "number" || !Array.isArray(open)) return null;
  return { seq, id, updated, open: open.filter((one) => typeof one === "string") };
}
