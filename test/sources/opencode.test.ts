/** What is special about opencode and Kilo: several databases, answers that grow, copies by forks, the move from files to a database. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { SOURCES } from "../../src/sources/index.ts";
import { collectIn, query } from "../flow/stored.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { settle } from "../helpers/settle.ts";

const START = Date.parse("2026-05-01T10:00:00Z");
const collect = (box: Sandbox, id = "opencode") => collectIn(box, undefined, { sources: [id] });
const booked = (box: Sandbox) =>
  query(box, "SELECT session_id AS session, output_tokens AS output FROM usage_records ORDER BY ts_ms, session_id");

/** An id as the agent makes it `ms` after the start: the time x 4096 in 48 bits, then 14 letters. */
function idAt(ms: number, tail = "A"): string {
  const time = (BigInt(START + ms) * 4096n) & 0xffff_ffff_ffffn;
  return `msg_${time.toString(16).padStart(12, "0")}${tail.repeat(14)}`;
}

interface Answer {
  /** Milliseconds after the start. */
  at: number;
  output: number;
  /** Not finished when null. */
  end?: number | null;
}

function answer({ at, output, end = at + 500 }: Answer): Record<string, unknown> {
  return {
    role: "assistant",
    modelID: "claude-sonnet-4-5",
    providerID: "anthropic",
    path: { cwd: "/code/shop", root: "/code/shop" },
    cost: 0,
    tokens: { input: 1, output, reasoning: 0, cache: { read: 0, write: 0 } },
    time: { created: START + at, ...(end === null ? {} : { completed: START + end }) },
  };
}

/** The agent's database in `folder`. */
function database(folder: string, name = "opencode.db"): Database.Database {
  mkdirSync(folder, { recursive: true });
  const db = new Database(join(folder, name));
  onTestFinished(() => void db.close());
  db.pragma("journal_mode = WAL");
  db.exec("CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER, time_updated INTEGER, data TEXT)");
  return db;
}

function put(db: Database.Database, id: string, session: string, data: Record<string, unknown>, updated = 0): void {
  const created = (data["time"] as { created: number }).created;
  db.prepare("INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, ?)").run(id, session, created, START + updated, JSON.stringify(data));
}

function file(folder: string, session: string, id: string, data: Record<string, unknown>): string {
  const path = join(folder, "storage", "message", session, `${id}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ id, sessionID: session, ...data }));
  return path;
}

const home = (box: Sandbox, name = "opencode") => join(box.home, ".local", "share", name);

describe("where it looks", () => {
  const found = (id: string, env: NodeJS.ProcessEnv, box: Sandbox, extraPaths: string[] = []) =>
    SOURCES.find((source) => source.id === id)
      ?.discover({ env, home: box.home, extraPaths })
      .files.map(({ path }) => path.slice(box.dir.length + 1))
      .toSorted();

  test("every database of every folder that is named, and nothing else", () => {
    const box = sandbox();
    for (const folder of ["one", "two", "xdg/opencode", "extra"]) database(join(box.dir, folder));
    database(join(box.dir, "one"), "opencode-nightly.db");
    database(join(box.dir, "one"), "other.db");
    database(home(box));
    const { dir } = box;
    expect(found("opencode", {}, box)).toEqual(["home/.local/share/opencode/opencode.db"]);
    expect(found("opencode", { XDG_DATA_HOME: join(dir, "xdg") }, box)).toEqual(["xdg/opencode/opencode.db"]);
    const told = { OPENCODE_DATA_DIR: ` ${join(dir, "one")}, ${join(dir, "two")},`, XDG_DATA_HOME: join(dir, "xdg") };
    expect(found("opencode", told, box, [join(dir, "extra")])).toEqual([
      "extra/opencode.db",
      "one/opencode-nightly.db",
      "one/opencode.db",
      "two/opencode.db",
    ]);
  });

  test("Kilo has names of its own", () => {
    const box = sandbox();
    database(home(box, "kilo"), "kilo.db");
    database(join(box.dir, "elsewhere"), "kilo.db");
    expect(found("kilo", {}, box)).toEqual(["home/.local/share/kilo/kilo.db"]);
    expect(found("kilo", { KILO_DATA_DIR: join(box.dir, "elsewhere") }, box)).toEqual(["elsewhere/kilo.db"]);
    expect(found("kilo", { OPENCODE_DATA_DIR: join(box.dir, "elsewhere") }, box)).toEqual(["home/.local/share/kilo/kilo.db"]);
  });
});

describe("an answer that grows", () => {
  test("is read again until it ends, and only what is new besides", async () => {
    const box = sandbox();
    const db = database(home(box));
    put(db, idAt(0), "s", answer({ at: 0, output: 5, end: null }));
    put(db, idAt(10), "s", answer({ at: 10, output: 7 }));
    expect(await collect(box)).toMatchObject({ newRecords: 2 });
    db.prepare("UPDATE message SET data = ? WHERE id = ?").run(JSON.stringify(answer({ at: 0, output: 50 })), idAt(0));
    put(db, idAt(20), "s", answer({ at: 20, output: 9 }));
    expect(await collect(box)).toMatchObject({ newRecords: 1, grownRecords: 1 });
    expect(booked(box)).toEqual([
      { session: "s", output: 50 },
      { session: "s", output: 7 },
      { session: "s", output: 9 },
    ]);
  });

  test.each([false, true])(
    "in a file is read again when the file is written (beside a database of another channel: %s)",
    async (beside) => {
      const box = sandbox();
      if (beside) database(home(box), "opencode-nightly.db").close();
      const path = file(home(box), "s", idAt(0), answer({ at: 0, output: 5, end: null }));
      await collect(box);
      writeFileSync(path, JSON.stringify(answer({ at: 0, output: 50 })));
      settle(home(box));
      expect(await collect(box)).toMatchObject({ newRecords: 0, grownRecords: 1 });
      expect(await collect(box)).toMatchObject({ filesRead: 0 });
      expect(booked(box)).toEqual([{ session: "s", output: 50 }]);
    },
  );
});

describe("a fork", () => {
  const first = answer({ at: 0, output: 5 });
  const second = answer({ at: 1000, output: 7 });

  test("repeats what it was forked from, however often and of whatever", async () => {
    const box = sandbox();
    const db = database(home(box));
    put(db, idAt(0), "s1", first);
    put(db, idAt(1000), "s1", second);
    put(db, idAt(60_000, "B"), "s2", first);
    put(db, idAt(60_001, "B"), "s2", second);
    put(db, idAt(70_000, "C"), "s3", first);
    put(db, idAt(80_000), "s3", answer({ at: 80_000, output: 9 }));
    expect(await collect(box)).toMatchObject({ newRecords: 3 });
    expect(booked(box)).toEqual([
      { session: "s1", output: 5 },
      { session: "s1", output: 7 },
      { session: "s3", output: 9 },
    ]);
  });

  test("adds nothing when it is made between two looks", async () => {
    const box = sandbox();
    const db = database(home(box));
    put(db, idAt(0), "s1", first);
    await collect(box);
    put(db, idAt(60_000, "B"), "s2", first);
    expect(await collect(box)).toMatchObject({ newRecords: 0, grownRecords: 0 });
  });

  test("whose original was deleted counts once for all its copies", async () => {
    const box = sandbox();
    const db = database(home(box));
    put(db, idAt(60_000, "B"), "s2", first);
    put(db, idAt(70_000, "C"), "s3", first);
    expect(await collect(box)).toMatchObject({ newRecords: 1 });
    expect(booked(box)).toEqual([{ session: "s2", output: 5 }]);
  });

  test("is not seen where two answers only look alike", async () => {
    const box = sandbox();
    const db = database(home(box));
    put(db, idAt(0, "A"), "s1", first);
    put(db, idAt(0, "B"), "s2", first);
    put(db, "an-id-without-time", "s3", first);
    expect(await collect(box)).toMatchObject({ newRecords: 3 });
  });
});

describe("the move from files to a database", () => {
  test("changes nothing, whichever is read first", async () => {
    const box = sandbox();
    const data = answer({ at: 0, output: 5 });
    file(home(box), "s", idAt(0), data);
    await collect(box);
    const db = database(home(box));
    put(db, idAt(0), "s", data);
    put(db, idAt(10), "s", answer({ at: 10, output: 7 }));
    expect(await collect(box)).toMatchObject({ newRecords: 1, grownRecords: 0, errors: [] });
    rmSync(box.bobaHome, { recursive: true });
    settle(home(box));
    expect(await collect(box)).toMatchObject({ newRecords: 2, errors: [] });
    expect(await collect(box)).toMatchObject({ filesRead: 0 });
  });

  test("leaves the files that were not moved, and is right where both tell", async () => {
    const box = sandbox();
    put(database(home(box)), idAt(0), "s", answer({ at: 0, output: 5 }));
    file(home(box), "s", idAt(0), answer({ at: 0, output: 500 }));
    file(home(box), "s", idAt(20), answer({ at: 20, output: 8 }));
    file(home(box), "left", idAt(10), answer({ at: 10, output: 7 }));
    await collect(box);
    expect(booked(box)).toEqual([
      { session: "s", output: 5 },
      { session: "left", output: 7 },
      { session: "s", output: 8 },
    ]);
  });
});

test("the least that a table can hold is enough", async () => {
  const box = sandbox();
  mkdirSync(home(box), { recursive: true });
  const db = new Database(join(home(box), "opencode.db"));
  db.exec("CREATE TABLE message (id TEXT, session_id TEXT, data TEXT)");
  const add = db.prepare("INSERT INTO message VALUES (?, ?, ?)");
  add.run(idAt(0), "s1", JSON.stringify(answer({ at: 0, output: 5 })));
  add.run(idAt(60_000), "s2", JSON.stringify(answer({ at: 0, output: 5 })));
  db.close();
  expect(await collect(box)).toMatchObject({ newRecords: 1, errors: [] });
  expect(booked(box)).toEqual([{ session: "s1", output: 5 }]);
});

test("the trial of version 2 beside version 1 counts nothing twice", async () => {
  const box = sandbox();
  const db = database(home(box));
  put(db, idAt(0), "s", answer({ at: 0, output: 5 }));
  db.exec("CREATE TABLE session (id TEXT PRIMARY KEY, directory TEXT)");
  db.exec(
    "CREATE TABLE session_message (id TEXT PRIMARY KEY, session_id TEXT, type TEXT, time_created INTEGER, time_updated INTEGER, data TEXT)",
  );
  const trial = JSON.stringify({ ...answer({ at: 0, output: 5 }), model: { id: "claude-sonnet-4-5", providerID: "anthropic" } });
  db.prepare("INSERT INTO session_message VALUES ('evt_1', 's', 'assistant', 0, 0, ?)").run(trial);
  expect(await collect(box)).toMatchObject({ newRecords: 1 });
});
