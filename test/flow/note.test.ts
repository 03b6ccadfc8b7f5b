import { spawn } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { App } from "../../src/flow/app.ts";
import { writeDirtyNotes } from "../../src/flow/note.ts";
import { cellId } from "../../src/core/cell.ts";
import { dirtyCommits } from "../../src/store/cells.ts";
import { addNote, commits, line } from "../helpers/cells.ts";
import { type CellsLedger, cellsLedger } from "../helpers/cells-ledger.ts";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { resolvePaths } from "../../src/platform/paths.ts";

const ID = "0a1b2c3d";

/** `meanwhile` happens once the cells have been read, before the notes are written. */
function setUp(meanwhile: (box: Sandbox, commonDir: string) => void = () => undefined) {
  const box = sandbox();
  const at = box.repo();
  const commonDir = join(at, ".git");
  const ledger = cellsLedger(box.db, commonDir);
  const app: App = {
    paths: resolvePaths(box.env),
    env: box.env,
    cwd: at,
    now: () => {
      meanwhile(box, commonDir);
      return 9_000_000;
    },
    log: { write: () => undefined },
    progress: () => undefined,
  };
  const write = () => writeDirtyNotes(app, ledger.db, { id: ledger.repoId, commonDir, cloneId: ID });
  return { box, at, commonDir, ledger, write, note: (sha: string) => noteOf(box, at, sha) };
}

/** The lines of a note as plain git prints them. */
function noteOf(box: Sandbox, at: string, sha: string): Record<string, unknown>[] {
  const result = box.tryGit(at, ["notes", `--ref=boba/${ID}`, "show", sha]);
  return result.stdout
    .split("\n")
    .filter(Boolean)
    .map((text) => JSON.parse(text) as Record<string, unknown>);
}

const dirty = (ledger: CellsLedger) => dirtyCommits(ledger.db, ledger.repoId).map(({ sha }) => sha);

test("records become cells by session, model and the commit that claimed them first", async () => {
  const { box, at, ledger, write, note } = setUp();
  const [a, b] = commits(box, at, "a", "b") as [string, string];
  ledger.add({ commits: [a], input: 1, output: 2, cacheRead: 3, write5m: 4, write1h: 5, nanoUsd: 100, ts: 50 });
  ledger.add({ commits: [a, b], input: 10, nanoUsd: 200, ts: 40 });
  ledger.add({ commits: [b], input: 7, nanoUsd: 1, ts: 60, branch: null });
  ledger.add({ commits: [a], model: "model-b", nanoUsd: null, input: 9, ts: 70 });
  ledger.add({ commits: [a], model: "model-b", nanoUsd: 30, ts: 80 });
  expect(await write()).toEqual({ written: 2, left: 0 });
  const [cellA, cellB] = [cellId("s1", "model-a", a), cellId("s1", "model-a", b)];
  const whole = {
    v: 1,
    id: cellA,
    tool: "claude-code",
    model: "model-a",
    branch: "main",
    requests: 2,
    input: 11,
    output: 2,
    cache_read: 3,
    cache_write: 9,
    nano_usd: 300,
    from: 40,
    to: 50,
  };
  const second = {
    ...whole,
    id: cellId("s1", "model-b", a),
    model: "model-b",
    input: 9,
    output: 0,
    cache_read: 0,
    cache_write: 0,
    nano_usd: 30,
    unpriced: 1,
    from: 70,
    to: 80,
  };
  expect(new Set(note(a))).toEqual(new Set([whole, second]));
  // On b the cell of a is there with the one record that b holds too.
  expect(new Set(note(b))).toEqual(
    new Set([
      { ...whole, requests: 1, input: 10, output: 0, cache_read: 0, cache_write: 0, nano_usd: 200, from: 40, to: 40 },
      { ...whole, id: cellB, branch: null, requests: 1, input: 7, output: 0, cache_read: 0, cache_write: 0, nano_usd: 1, from: 60, to: 60 },
    ]),
  );
  expect(dirty(ledger)).toEqual([]);
  expect(await write()).toEqual({ written: 0, left: 0 });
});

test("a cell in the note survives a lost ledger; it grows with the ledger's", async () => {
  const { box, at, ledger, write, note } = setUp();
  const [a] = commits(box, at, "a") as [string];
  const own = cellId("s1", "model-a", a);
  addNote(box, at, ID, a, `${line("77", { requests: 5 })}\n${line(own, { requests: 1 })}\n{"v":2,"later":true}\nrubbish\n`);
  for (let n = 0; n < 3; n++) ledger.add({ commits: [a], nanoUsd: 10 });
  expect(await write()).toEqual({ written: 1, left: 0 });
  const byId = new Map(note(a).map((row) => [row["id"] ?? "later", row]));
  expect(byId.get("77".padStart(16, "0"))).toMatchObject({ requests: 5, nano_usd: 1_500_000_000 });
  expect(byId.get(own)).toMatchObject({ requests: 3, nano_usd: 30 });
  expect(byId.get("later")).toEqual({ v: 2, later: true });
  expect(note(a)).toHaveLength(3);
});

test("a commit that was re-marked without a change makes no new notes commit", async () => {
  const { box, at, ledger, write } = setUp();
  const [a] = commits(box, at, "a") as [string];
  ledger.add({ commits: [a], nanoUsd: 10 });
  await write();
  const tip = box.git(at, "rev-parse", `refs/notes/boba/${ID}`);
  ledger.db.prepare("UPDATE commits SET note_dirty = 1").run();
  expect(await write()).toEqual({ written: 0, left: 0 });
  expect(box.git(at, "rev-parse", `refs/notes/boba/${ID}`)).toBe(tip);
  expect(dirty(ledger)).toEqual([]);
});

test("a commit that gets another record while its note is written stays marked", async () => {
  let late: string | null = null;
  const { box, at, ledger, write, note } = setUp(({ db }, commonDir) => {
    const other = cellsLedger(db, commonDir);
    if (late !== null) other.add({ commits: [late], input: 5, nanoUsd: 20 });
    late = null;
    other.db.close();
  });
  const [a, b] = commits(box, at, "a", "b") as [string, string];
  for (const sha of [a, b]) ledger.add({ commits: [sha], input: 1, nanoUsd: 10 });
  late = b;
  expect(await write()).toEqual({ written: 2, left: 1 });
  expect(dirty(ledger)).toEqual([b]);
  expect(note(b)).toMatchObject([{ requests: 1 }]);
  expect(await write()).toEqual({ written: 1, left: 0 });
  expect(note(b)).toMatchObject([{ requests: 2, input: 6 }]);
  expect(dirty(ledger)).toEqual([]);
});

test("unreachable commits wait, a commit whose objects are gone stays marked and does not stop the others", async () => {
  const { box, at, ledger, write, note } = setUp();
  const [a, b] = commits(box, at, "a", "b") as [string, string];
  const gone = "1".repeat(40);
  for (const sha of [a, b, gone]) ledger.add({ commits: [sha], nanoUsd: 10 });
  ledger.db.prepare("UPDATE commits SET reachable = 0 WHERE sha = ?").run(b);
  expect(await write()).toEqual({ written: 1, left: 1 });
  expect(note(a)).toHaveLength(1);
  expect(note(b)).toEqual([]);
  expect(dirty(ledger)).toEqual([gone]);
});

test("when git refuses to write, the commits stay marked", async () => {
  const { box, at, commonDir, ledger, write, note } = setUp();
  const [a] = commits(box, at, "a") as [string];
  ledger.add({ commits: [a], nanoUsd: 10 });
  // A ref of this name stands where the folder of refs would have to be.
  writeFileSync(join(commonDir, "refs", "notes"), `${a}\n`);
  await expect(write()).rejects.toMatchObject({ code: "BOBA-NOTE-7" });
  expect(dirty(ledger)).toEqual([a]);
  box.git(at, "update-ref", "-d", "refs/notes");
  expect(await write()).toEqual({ written: 1, left: 0 });
  expect(note(a)).toHaveLength(1);
});

test("processes that write at once lose nothing", async () => {
  const { box, at, commonDir, ledger, write, note } = setUp();
  const shas = commits(box, at, ..."abcdefgh");
  for (const sha of shas) ledger.add({ commits: [sha], nanoUsd: 10 });
  // Every command that reads writes what notes are due first; four of them at once, without the lease that drains take.
  appendFileSync(join(commonDir, "config"), `[boba]\n\tclone = ${ID}\n`);
  const run = () => spawn(process.execPath, [BOBA, "stats"], { cwd: at, env: box.env, stdio: ["ignore", "ignore", "inherit"] });
  const runs = Array.from({ length: 4 }, () => new Promise((resolve) => run().on("close", resolve)));
  expect(await Promise.all(runs)).toEqual([0, 0, 0, 0]);
  await write();
  expect(dirty(ledger)).toEqual([]);
  for (const sha of shas) expect(note(sha)).toHaveLength(1);
  expect(box.tryGit(at, ["fsck", "--strict"]).status).toBe(0);
});
