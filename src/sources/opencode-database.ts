/** The databases of opencode: tables `message` and `part`; since version 2 `session_message`, with the parts inside. */
import type { Db } from "../platform/sqlite.ts";
import { columnOrNull, columnsOf, readDatabase } from "./database.ts";
import { fields } from "./fields.ts";
import { NOT_JSON } from "./json-line.ts";
import { anchorOf, asSeenRows, readNewRows, type SeenRows, type TableRow } from "./new-rows.ts";
import { filesOfMessages, filesOfMessagesV2 } from "./opencode-edits.ts";
import {
  isCopy,
  isUnfinished,
  MESSAGE_PATHS,
  MESSAGE_PATHS_V2,
  messageRecord,
  Originals,
  type Told,
  toldFrom,
  toldSql,
} from "./opencode-message.ts";
import type { Position, Sink, SourceFile } from "./source.ts";

interface MessageRow extends TableRow {
  session: unknown;
  createdAt: unknown;
  directory: unknown;
  told: unknown;
  /** The role, where it is a column. */
  role?: unknown;
}

/** A row with what is read of it. */
interface Message {
  row: MessageRow;
  told: Told;
}

/** Who reads, as `messageRecord` wants to know. */
export interface Reader {
  tool: string;
  provider: string;
  sink: Sink;
}

/** What differs between the two generations of tables. */
interface Generation {
  table: "message" | "session_message";
  columns: ReadonlySet<string>;
  fields: string;
  files(ids: readonly string[]): ReadonlyMap<string, readonly string[]>;
  /** Ids of the messages that those of `messages` that were copied stand for. */
  originals(messages: readonly Message[]): ReadonlyMap<unknown, string>;
}

export function readOpencodeDatabase(file: SourceFile, from: Position | null, reader: Reader): Iterable<Position> {
  return readDatabase(file.path, function* (db) {
    const generations = generationsOf(db);
    const seen = fields(anchorOf(from));
    const reached: Record<string, SeenRows> = {};
    for (const [nth, generation] of generations.entries()) {
      // What was skipped is forgotten before the first table, not between two.
      const restart = () => (nth === 0 ? reader.sink.restart() : undefined);
      for (const rows of readGeneration(db, generation, asSeenRows(seen?.[generation.table]), reader, restart)) {
        reached[generation.table] = rows;
        yield { offset: 0, anchor: JSON.stringify(reached) };
      }
    }
    if (generations.length > 0) return;
    reader.sink.restart();
    reader.sink.skip(0, "no table message");
    yield { offset: 0, anchor: "" };
  });
}

function generationsOf(db: Db): Generation[] {
  const message = columnsOf(db, "message");
  const next = columnsOf(db, "session_message");
  const sessions = columnsOf(db, "session_v2");
  const found: Generation[] = [];
  if (["id", "session_id", "data"].every((name) => message.has(name))) found.push(generationOne(db, message));
  // Versions in between kept `session_message` as a trial, beside the same answers in `message`: what counts is that sessions moved.
  if (sessions.has("id") && ["id", "session_id", "type", "data"].every((name) => next.has(name)))
    found.push(generationTwo(db, next, sessions));
  return found;
}

function generationOne(db: Db, columns: ReadonlySet<string>): Generation {
  const created = "CASE WHEN json_valid(data) THEN json_extract(data, '$.time.created') END";
  const findSame = db.prepare<[string], { id: unknown; told: unknown }>(
    `SELECT id, ${toldSql(MESSAGE_PATHS)} AS told FROM message
     WHERE id IN (SELECT id FROM message WHERE ${columns.has("time_created") ? "time_created" : created} IN (SELECT value FROM json_each(?)))`,
  );
  return {
    table: "message",
    columns,
    fields: `session_id AS session, ${timeCreated(columns)}, ${directoryOf("session", columnsOf(db, "session"))}, ${toldSql(MESSAGE_PATHS)} AS told`,
    files: filesOfMessages(db),
    originals(messages) {
      const copies = messages.filter(({ row, told }) => isCopy(row.id, told));
      if (copies.length === 0) return new Map();
      const originals = new Originals();
      const times = copies.map(({ row, told }) => (typeof row.createdAt === "number" ? row.createdAt : told.created));
      for (const { id, told } of findSame.all(JSON.stringify(times))) {
        const other = toldFrom(told);
        if (other !== null) originals.add(id, other);
      }
      return new Map(
        copies.flatMap(({ row, told }) => {
          const original = originals.of(row.id, told);
          return original === null ? [] : [[row.id, original] as const];
        }),
      );
    },
  };
}

/** A session that is forked keeps the numbers of the messages it begins with, and names the session they come from (ccusage/ccusage#1780). */
function generationTwo(db: Db, columns: ReadonlySet<string>, sessions: ReadonlySet<string>): Generation {
  const tokens = (of: string) => `CASE WHEN json_valid(${of}.data) THEN json_extract(${of}.data, '$.tokens') END`;
  const findOriginal =
    sessions.has("fork_session_id") && columns.has("seq")
      ? db.prepare<[string], { id: unknown }>(
          `SELECT original.id FROM session_message AS copy JOIN session_v2 AS session ON session.id = copy.session_id
           JOIN session_message AS original ON original.session_id = session.fork_session_id AND original.seq = copy.seq
           WHERE copy.id = ? AND original.type = copy.type AND ${tokens("original")} = ${tokens("copy")}`,
        )
      : null;
  const originalOf = (id: string): string | null => {
    const seen = new Set([id]);
    for (let at = id; ;) {
      const next = findOriginal?.get(at)?.id;
      if (typeof next !== "string" || seen.has(next)) return at === id ? null : at;
      seen.add(next);
      at = next;
    }
  };
  return {
    table: "session_message",
    columns,
    fields: `session_id AS session, ${timeCreated(columns)}, ${directoryOf("session_v2", sessions)}, type AS role, ${toldSql(MESSAGE_PATHS_V2)} AS told`,
    files: filesOfMessagesV2(db),
    originals: (messages) =>
      new Map(
        messages.flatMap(({ row }) => {
          const original = typeof row.id === "string" ? originalOf(row.id) : null;
          return original === null ? [] : [[row.id, original] as const];
        }),
      ),
  };
}

const timeCreated = (columns: ReadonlySet<string>): string => `${columns.has("time_created") ? "time_created" : "NULL"} AS createdAt`;

const directoryOf = (table: string, columns: ReadonlySet<string>): string =>
  columns.has("id") && columns.has("directory")
    ? `(SELECT directory FROM ${table} WHERE ${table}.id = session_id) AS directory`
    : columnOrNull(new Set(), "directory");

function readGeneration(db: Db, generation: Generation, from: SeenRows | null, reader: Reader, restart: () => void): Iterable<SeenRows> {
  const { table, columns } = generation;
  const query = { table, id: "id", updated: columns.has("time_updated") ? "time_updated" : null, fields: generation.fields };
  const take = (rows: readonly MessageRow[]): string[] => {
    const messages = rows.flatMap((row) => {
      const told = toldFrom(row.told);
      if (told === null) reader.sink.skip(row.seq, NOT_JSON);
      return told === null ? [] : [{ row, told: row.role === undefined ? told : { ...told, role: row.role } }];
    });
    hand(messages, generation, reader);
    return messages.flatMap(({ row, told }) => (isUnfinished(told) && typeof row.id === "string" ? [row.id] : []));
  };
  return readNewRows<MessageRow>(db, query, from, { take, restart });
}

function hand(messages: readonly Message[], generation: Generation, { tool, provider, sink }: Reader): void {
  const found = messages.flatMap((message) => {
    const { row, told } = message;
    const place = { tool, provider, id: row.id, sessionId: row.session, directory: row.directory, createdAt: row.createdAt };
    const record = messageRecord(told, { ...place, files: [], copyOf: null });
    if (typeof record === "string") sink.skip(row.seq, record);
    return record === null || typeof record === "string" ? [] : [{ message, record }];
  });
  if (found.length === 0) return;
  const files = generation.files(found.map(({ record }) => record.key));
  const originals = generation.originals(found.map(({ message }) => message));
  for (const { message, record } of found) {
    record.files = files.get(record.key) ?? record.files;
    const original = originals.get(message.row.id);
    if (original !== undefined) {
      record.key = original;
      record.variant = null;
    }
    sink.record(record);
  }
}
