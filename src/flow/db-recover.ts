/** `boba db recover`: a sound ledger from a damaged one, with whatever can be read of it. */
import { closeSync, copyFileSync, existsSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { BobaError, EXIT } from "../core/errors.ts";
import type { Recovery } from "../core/upkeep.ts";
import { run } from "../platform/exec.ts";
import { openDatabase } from "../platform/sqlite.ts";
import { recordsBefore, salvage } from "../store/recover.ts";
import { fileFaults } from "../store/health.ts";
import type { App } from "./app.ts";
import { makeWorkFolder, removeLeftovers } from "./work-folder.ts";
import { withoutSecrets } from "../core/secret.ts";

export interface RecoverRequest {
  /** The damaged file; default the ledger. */
  file?: string | undefined;
  /** Where to write; default `usage.recovered.db` beside it. */
  output?: string | undefined;
}

const TIMEOUT_MS = 10 * 60_000;

/** Never changes the damaged file. @throws BobaError BOBA-FS-6 when the output is there, BOBA-DB-8 when nothing at all can be read. */
export async function recover(app: App, request: RecoverRequest): Promise<Recovery> {
  const source = request.file === undefined ? app.paths.db : resolve(app.cwd, request.file);
  const path = request.output === undefined ? join(dirname(source), "usage.recovered.db") : resolve(app.cwd, request.output);
  if (!existsSync(source)) throw new BobaError("BOBA-FS-7", EXIT.usage, `${source} is not there`, "name the damaged file");
  if (existsSync(path)) throw new BobaError("BOBA-FS-6", EXIT.usage, `${path} is there already`, "name another file with --output");
  removeLeftovers(dirname(path), app.now());
  const work = makeWorkFolder(dirname(path));
  try {
    app.progress("reading what can be read");
    // SQLite may write to a file that it opens (its log is played in): so a copy is opened, never the damaged file.
    const copy = join(work, "damaged.db");
    for (const end of ["", "-wal"]) if (existsSync(source + end)) copyFileSync(source + end, copy + end);
    mendStart(copy);
    const rebuilt = join(work, "rebuilt.db");
    const before = recordsBefore(copy);
    const method = (await rebuildWithSqlite3(app, work)) ? "sqlite3" : "rows";
    const { tables, orphans, doubtful } = salvage(method === "sqlite3" ? rebuilt : copy, path);
    if (tables.every(({ rows }) => rows === 0)) {
      throw new BobaError("BOBA-DB-8", EXIT.database, `nothing can be read of ${source}`, "restore a backup: boba backup list");
    }
    return { path, method, tables, orphans, doubtful, recordsBefore: before };
  } catch (error) {
    rmSync(path, { force: true });
    if (error instanceof BobaError || !(error instanceof Error && "code" in error)) throw error;
    throw new BobaError(
      "BOBA-DB-8",
      EXIT.database,
      `nothing can be read of ${source} (${String(error.code)})`,
      "restore a backup: boba backup list",
      error,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
    app.progress(null);
  }
}

/** The first 16 bytes, and those from the 21st on, are the same in every database (https://sqlite.org/fileformat2.html#the_database_header). */
const START = "SQLite format 3\0";
const FRACTIONS = Buffer.from([64, 32, 32]);
const FRACTIONS_AT = 21;

/** Where only the name of the format is damaged, all else can be read once it is put right. */
function mendStart(copy: string): void {
  const fd = openSync(copy, "r+");
  try {
    const head = Buffer.alloc(FRACTIONS_AT + FRACTIONS.length);
    readSync(fd, head, 0, head.length, 0);
    if (head.subarray(FRACTIONS_AT).equals(FRACTIONS)) writeSync(fd, START, 0, "latin1");
  } finally {
    closeSync(fd);
  }
}

/** The sqlite3 program knows how to read pages that no index leads to any more. False where it is missing or fails. */
async function rebuildWithSqlite3(app: App, cwd: string): Promise<boolean> {
  const options = { env: withoutSecrets(app.env), cwd, timeoutMs: TIMEOUT_MS };
  // Through a file of a plain name: the dump may be larger than memory, and dot-commands have no quoting to rely on.
  const dump = await run("sqlite3", ["damaged.db", ".output dump.sql", ".recover --ignore-freelist"], options);
  if (dump.code !== 0) return false;
  const load = await run("sqlite3", ["rebuilt.db", ".read dump.sql"], options);
  const target = join(cwd, "rebuilt.db");
  if (load.code !== 0 || !existsSync(target)) return false;
  const db = openDatabase(target, { readonly: true });
  try {
    return fileFaults(db, false).length === 0;
  } finally {
    db.close();
  }
}
