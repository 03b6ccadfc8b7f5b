/** Reading of a table what was added since: nothing twice without need, nothing missed, whatever the agent does to its rows. */
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { asSeenRows, readNewRows, type SeenRows, type TableRow } from "../../src/sources/new-rows.ts";

interface Row extends TableRow {
  note: string;
  done: number;
}

function table(): Database.Database {
  const db = new Database(":memory:");
  onTestFinished(() => void db.close());
  db.exec("CREATE TABLE t (id TEXT PRIMARY KEY, note TEXT, done INTEGER, changed INTEGER)");
  return db;
}

const add = (db: Database.Database, id: string, changed = 1, done = 1) =>
  db.prepare("INSERT INTO t VALUES (?, ?, ?, ?)").run(id, id, done, changed);

/** One look at the table: the notes that were handed over, how often it began anew, and how far it is. */
function look(db: Database.Database, from: SeenRows | null, updated: string | null = null) {
  const notes: string[] = [];
  let restarts = 0;
  let seen: SeenRows | null = from;
  const take = (rows: readonly Row[]) => {
    for (const { note } of rows) notes.push(note);
    return rows.flatMap(({ id, done }) => (done === 0 ? [String(id)] : []));
  };
  const query = { table: "t", id: "id", updated, fields: "note, done" };
  for (const step of readNewRows<Row>(db, query, from, { take, restart: () => restarts++ })) seen = step;
  return { notes, restarts, seen: asSeenRows(JSON.parse(JSON.stringify(seen))) };
}

test("rows are handed over once", () => {
  const db = table();
  const empty = look(db, null);
  expect(empty).toMatchObject({ notes: [], restarts: 1 });
  add(db, "a");
  add(db, "b");
  const first = look(db, empty.seen);
  expect(first.notes).toEqual(["a", "b"]);
  expect(look(db, first.seen)).toMatchObject({ notes: [], restarts: 0 });
  add(db, "c");
  expect(look(db, first.seen).notes).toEqual(["c"]);
});

test("a row that was not finished is handed over until it is", () => {
  const db = table();
  add(db, "a", 1, 0);
  add(db, "b");
  const first = look(db, null);
  expect(first.seen?.open).toEqual(["a"]);
  const second = look(db, first.seen);
  expect(second.notes).toEqual(["a"]);
  db.exec("UPDATE t SET note = 'a, finished', done = 1 WHERE id = 'a'");
  const third = look(db, second.seen);
  expect(third.notes).toEqual(["a, finished"]);
  expect(look(db, third.seen).notes).toEqual([]);
});

test("more rows than one chunk holds come in order, and a reader that is stopped goes on where it was", () => {
  const db = table();
  const ids = Array.from({ length: 2500 }, (_, n) => `row-${String(n).padStart(4, "0")}`);
  db.transaction(() => ids.forEach((id) => add(db, id)))();
  const query = { table: "t", id: "id", updated: null, fields: "note, done" };
  const notes: string[] = [];
  const take = (rows: readonly Row[]) => (notes.push(...rows.map(({ note }) => note)), []);
  const stopped = readNewRows<Row>(db, query, null, { take, restart: () => {} }).next().value as SeenRows;
  expect(notes).toHaveLength(1000);
  expect([...notes, ...look(db, stopped).notes]).toEqual(ids);
});

test.each([null, "changed"])("rows that were numbered anew are all read again, or those changed since (%s)", (updated) => {
  const db = table();
  for (const id of ["a", "b", "c", "d"]) add(db, id, 100);
  const first = look(db, null, updated);
  db.exec("DELETE FROM t WHERE id IN ('a', 'b', 'd')");
  db.exec("UPDATE t SET rowid = 1 WHERE id = 'c'");
  for (const id of ["e", "f", "g", "h"]) add(db, id, 200);
  const second = look(db, first.seen, updated);
  expect(second).toMatchObject({ notes: ["c", "e", "f", "g", "h"], restarts: updated === null ? 1 : 0 });
  expect(look(db, second.seen, updated).notes).toEqual([]);
  db.exec("DELETE FROM t WHERE id = 'h'");
  add(db, "i", 300);
  expect(look(db, second.seen, updated).notes).toEqual(updated === null ? ["c", "e", "f", "g", "i"] : ["e", "f", "g", "i"]);
});

test("what another version kept is not trusted", () => {
  for (const odd of [null, 7, "x", {}, { seq: "1", id: "a", updated: 0, open: [] }, { seq: 1, id: "a", updated: 0 }])
    expect(asSeenRows(odd)).toBeNull();
});
