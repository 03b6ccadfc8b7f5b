/** Databases that belong to another program: read while it writes, never changed, and no harm done by one that cannot be read. */
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { collectIn, query } from "../flow/stored.ts";
import { PROJECT, type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { settle } from "../helpers/settle.ts";

const TABLES = `
  CREATE TABLE session (id TEXT PRIMARY KEY, directory TEXT);
  CREATE TABLE model_usage (id TEXT PRIMARY KEY, session_id TEXT, model_id TEXT, status TEXT, started_at INTEGER, completed_at INTEGER,
    input_tokens INTEGER, output_tokens INTEGER)`;
const ADD = "INSERT INTO model_usage VALUES ('c' || ?, 's', 'glm-4.6', 'completed', 1780000000000 + ?, 1780000000001, 10, 1)";

const collect = (box: Sandbox) => collectIn(box, undefined, { sources: ["zcode"] });
const sums = (box: Sandbox) => query(box, "SELECT count(*) AS records, sum(input_tokens) AS input FROM usage_records")[0];
const reasons = (box: Sandbox) => query(box, "SELECT reason FROM skipped WHERE line = 0");

/** The agent's database, made with `calls` rows; `mode` is how it keeps its journal. */
function database(box: Sandbox, calls: number, mode: "wal" | "delete" = "wal"): { path: string; agent: Database.Database } {
  const path = join(box.home, ".zcode", "cli", "db", "db.sqlite");
  mkdirSync(dirname(path), { recursive: true });
  const agent = new Database(path);
  agent.pragma(`journal_mode = ${mode}`);
  agent.exec(TABLES);
  for (let n = 0; n < calls; n++) agent.prepare(ADD).run(n, n);
  onTestFinished(() => void agent.close());
  return { path, agent };
}

describe("a database that its agent is writing", () => {
  test("is read as it stands, from another process, and comes out whole", { timeout: 120_000 }, async () => {
    const box = sandbox();
    const { path, agent } = database(box, 0);
    agent.close();
    const writer = join(box.dir, "writer.mjs");
    writeFileSync(
      writer,
      `import { createRequire } from "node:module";
       const Database = createRequire(${JSON.stringify(join(PROJECT, "package.json"))})("better-sqlite3");
       const db = new Database(process.argv[2], { timeout: 10000 });
       db.pragma("wal_autocheckpoint = 8");
       const add = db.prepare(${JSON.stringify(ADD)});
       for (let n = 0; n < 3000; n++) add.run(n, n);
       db.close();`,
    );
    const child = spawn(process.execPath, [writer, path], { stdio: "ignore" });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    let running = true;
    void ended.then(() => (running = false));
    let looks = 0;
    while (running) {
      expect((await collect(box)).errors).toEqual([]);
      looks++;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await ended).toBe(0);
    expect((await collect(box)).errors).toEqual([]);
    expect(looks).toBeGreaterThan(0);
    expect(reasons(box)).toEqual([]);
    expect(sums(box)).toEqual({ records: 3000, input: 30_000 });
  });

  test("tells of a change that is in its log alone", async () => {
    const box = sandbox();
    const { path, agent } = database(box, 1);
    agent.pragma("wal_checkpoint(TRUNCATE)");
    settle(dirname(path));
    await collect(box);
    const main = statSync(path);
    agent.prepare(ADD).run(7, 7);
    expect(statSync(path)).toMatchObject({ size: main.size, mtimeMs: main.mtimeMs });
    utimesSync(`${path}-wal`, main.mtime, new Date(main.mtimeMs + 30_000));
    expect(await collect(box)).toMatchObject({ newRecords: 1, filesRead: 1 });
    expect(await collect(box)).toMatchObject({ newRecords: 0, filesRead: 0 });
  });

  test("tells of a change that came too soon after another to leave a later time", async () => {
    const box = sandbox();
    const { path, agent } = database(box, 30);
    // The log is written from its start again: it keeps its size.
    agent.pragma("wal_checkpoint(RESTART)");
    const log = `${path}-wal`;
    const [size, now] = [statSync(log).size, new Date()];
    const inOneStep = () => [path, log].forEach((file) => utimesSync(file, now, now));
    inOneStep();
    expect(await collect(box)).toMatchObject({ newRecords: 30 });
    agent.prepare(ADD).run(30, 30);
    inOneStep();
    expect(statSync(log).size).toBe(size);
    expect(await collect(box)).toMatchObject({ newRecords: 1 });
    settle(dirname(path));
    expect(await collect(box)).toMatchObject({ newRecords: 0, filesRead: 1 });
    expect(await collect(box)).toMatchObject({ filesRead: 0 });
  });

  test("locked for itself alone, is left for the next time and said to be", async () => {
    const box = sandbox();
    const { agent } = database(box, 2, "delete");
    agent.exec("BEGIN EXCLUSIVE");
    expect(await collect(box)).toMatchObject({ newRecords: 0, skippedFiles: 1, errors: [] });
    expect(reasons(box)).toEqual([{ reason: "cannot be read (SQLITE_BUSY)" }]);
    agent.exec("COMMIT");
    expect(await collect(box)).toMatchObject({ newRecords: 2, errors: [] });
    expect(reasons(box)).toEqual([]);
  });
});

describe("a database at rest", () => {
  test("has nothing beside it after it was read, and is not read twice", async () => {
    const box = sandbox();
    const { path, agent } = database(box, 2);
    agent.close();
    settle(dirname(path));
    expect(await collect(box)).toMatchObject({ newRecords: 2, filesRead: 1 });
    expect(readdirSync(dirname(path))).toEqual(["db.sqlite"]);
    expect(await collect(box)).toMatchObject({ filesRead: 0 });
  });

  test("is read in a folder that may not be written", async () => {
    const box = sandbox();
    const { path, agent } = database(box, 3);
    agent.close();
    const before = readFileSync(path);
    chmodSync(path, 0o444);
    chmodSync(dirname(path), 0o555);
    onTestFinished(() => chmodSync(dirname(path), 0o755));
    expect(await collect(box)).toMatchObject({ newRecords: 3, errors: [] });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(dirname(path))).toEqual(["db.sqlite"]);
    expect(reasons(box)).toEqual([]);
  });

  test("is opened in place when it is large, and an empty log beside it is no change", async () => {
    const box = sandbox();
    const { path, agent } = database(box, 1);
    agent.exec("CREATE TABLE filler (bytes BLOB)");
    agent.prepare("INSERT INTO filler VALUES (zeroblob(?))").run(33 * 1024 * 1024);
    agent.close();
    settle(dirname(path));
    expect(await collect(box)).toMatchObject({ newRecords: 1, filesRead: 1 });
    expect(await collect(box)).toMatchObject({ filesRead: 0 });
  });
});

describe("a database that cannot be used", () => {
  test("because it has no such table, says so until it has", async () => {
    const box = sandbox();
    const { agent } = database(box, 1, "delete");
    agent.exec("ALTER TABLE model_usage RENAME TO later");
    for (let look = 0; look < 3; look++) {
      expect(await collect(box)).toMatchObject({ newRecords: 0, errors: [] });
      expect(reasons(box)).toEqual([{ reason: "no table model_usage" }]);
    }
    agent.exec("ALTER TABLE later RENAME TO model_usage");
    expect(await collect(box)).toMatchObject({ newRecords: 1 });
    expect(reasons(box)).toEqual([]);
  });

  test("because its table is of another kind, says what it lacks", async () => {
    const box = sandbox();
    const { agent } = database(box, 1, "delete");
    agent.exec("ALTER TABLE model_usage DROP COLUMN output_tokens; ALTER TABLE model_usage DROP COLUMN model_id");
    expect(await collect(box)).toMatchObject({ newRecords: 0, errors: [] });
    expect(reasons(box)).toEqual([{ reason: "table model_usage has no model_id, output_tokens" }]);
  });

  test.each([
    ["is not one", (path: string) => writeFileSync(path, "x".repeat(5000)), "SQLITE_NOTADB"],
    ["was cut short", (path: string) => truncateSync(path, 4096), "SQLITE_CORRUPT"],
  ])("because it %s, is reported and harms nothing else", async (_, damage, code) => {
    const box = sandbox();
    const { path, agent } = database(box, 200, "delete");
    agent.close();
    damage(path);
    const copy = join(box.dir, "copy");
    const whole = new Database((mkdirSync(join(copy, "cli", "db"), { recursive: true }), join(copy, "cli", "db", "db.sqlite")));
    whole.exec(TABLES);
    whole.prepare(ADD).run(1, 1);
    whole.close();
    box.write(box.bobaHome, "settings.yaml", `sources:\n  zcode:\n    paths: [${JSON.stringify(copy)}]\n`);
    expect(await collect(box)).toMatchObject({ newRecords: 1, errors: [] });
    expect(reasons(box)).toEqual([{ reason: `cannot be read (${code})` }]);
    utimesSync(path, new Date(), new Date());
    expect(await collect(box)).toMatchObject({ newRecords: 0, errors: [] });
    expect(reasons(box)).toEqual([{ reason: `cannot be read (${code})` }]);
  });
});
