/** Hermes Agent: running counters of each session in `state.db`, of each profile in a database of its own. */
import { join } from "node:path";
import { columnOrNull, columnsOf, findDatabases, readTable } from "./database.ts";
import { findFolders } from "./find-files.ts";
import { AUXILIARY_COLUMNS, type AuxiliaryRow, auxiliaryTotal, SESSION_COLUMNS, type SessionRow, sessionTotal } from "./hermes-session.ts";
import { listed } from "./roots.ts";
import type { Db } from "../platform/sqlite.ts";
import type { Sink, Source, SourceContext, SourceFile } from "./source.ts";
import type { SourceRecord } from "../core/record.ts";

export const hermes: Source = {
  id: "hermes",
  name: "Hermes Agent",
  provider: "nous",
  discover(context) {
    const roots = homes(context);
    const profiles = roots.flatMap((root) => findFolders(join(root, "profiles")));
    return findDatabases([...roots, ...profiles], (name) => name === "state.db");
  },
  read: (file, _from, sink) =>
    readTable(file.path, { table: "sessions", needed: ["id", "input_tokens", "output_tokens"], sink }, (db, columns) => {
      readSessions(db, columns, file, sink);
      readAuxiliary(db, columns, file, sink);
    }),
};

function homes({ env, home, extraPaths }: SourceContext): string[] {
  const told = listed(env["HERMES_HOME"]);
  return [...(told.length > 0 ? told : [join(home, ".hermes")]), ...extraPaths];
}

function readSessions(db: Db, columns: ReadonlySet<string>, file: SourceFile, sink: Sink): void {
  const messages = columnsOf(db, "messages");
  const hasTimes = messages.has("session_id") && messages.has("timestamp");
  const lastMessages =
    "LEFT JOIN (SELECT session_id, max(timestamp) AS last_message FROM messages GROUP BY session_id) ON session_id = sessions.id";
  const usage = columnsOf(db, "session_model_usage");
  const models =
    usage.has("session_id") && usage.has("model") && usage.has("task")
      ? "(SELECT count(DISTINCT model) FROM session_model_usage AS used WHERE used.session_id = sessions.id AND used.task = '')"
      : "1";
  const rows = db.prepare<[], SessionRow>(
    `SELECT sessions.rowid AS seq, ${hasTimes ? "last_message" : "NULL AS last_message"}, ${models} AS models,
       ${SESSION_COLUMNS.map((name) => columnOrNull(columns, name)).join(", ")} FROM sessions ${hasTimes ? lastMessages : ""}`,
  );
  for (const row of rows.iterate()) hand(sessionTotal(row, file), row.seq, sink);
}

/** Calls beside the conversation (titles, summaries, images) are counted in a table of their own and not with the session. */
function readAuxiliary(db: Db, sessions: ReadonlySet<string>, file: SourceFile, sink: Sink): void {
  const columns = columnsOf(db, "session_model_usage");
  if (!["session_id", "model", "task", "input_tokens", "output_tokens"].every((name) => columns.has(name))) return;
  const cwd = sessions.has("cwd") ? "(SELECT cwd FROM sessions WHERE sessions.id = session_id)" : "NULL";
  const rows = db.prepare<[], AuxiliaryRow>(
    `SELECT rowid AS seq, ${cwd} AS cwd, ${AUXILIARY_COLUMNS.map((name) => columnOrNull(columns, name)).join(", ")}
     FROM session_model_usage WHERE task <> ''`,
  );
  for (const row of rows.iterate()) hand(auxiliaryTotal(row, file), row.seq, sink);
}

function hand(total: SourceRecord | string | null, seq: number, sink: Sink): void {
  if (typeof total === "string") sink.skip(seq, total);
  else if (total !== null) sink.total(total);
}
