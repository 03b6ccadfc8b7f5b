import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { claudeLine, claudeLog, respond, SENTINEL } from "../helpers/agent.ts";
import { type Corpus, makeCorpus, writeCorpus } from "../helpers/corpus.ts";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { query, storedBySession, storedTotal } from "../flow/stored.ts";

const IS_ROOT = process.getuid?.() === 0;

function withCorpus(seed: number, sessions: number, responses: number): { box: Sandbox; corpus: Corpus } {
  const box = sandbox();
  const corpus = makeCorpus(seed, sessions, responses);
  writeCorpus(corpus, join(box.home, ".claude", "projects"));
  return { box, corpus };
}

function start(box: Sandbox) {
  const child = spawn(process.execPath, [BOBA, "import"], { env: box.env, stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  child.stdout.resume();
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => child.on("close", (code) => resolve({ code, stderr })));
  return { child, ended };
}

test("says what came of it, and the second time that nothing did", () => {
  const box = sandbox();
  respond(box, { cwd: "/w", output: 10 });
  respond(box, { cwd: "/w", output: 10, model: "made-up-1" });
  expect(box.boba(["import"]).stdout).toBe(
    `2 new records, 0 updated\n1 file found, 1 read (0.0 MB)\nmodels without a known price (add them to pricing.yaml):\n  made-up-1  1 records\n`,
  );
  expect(box.json(["import"])).toEqual({
    schema: "boba.import/1",
    new_records: 0,
    updated_records: 0,
    files: 1,
    files_read: 0,
    bytes_read: 0,
    skipped_lines: 0,
    skipped_files: 0,
    skipped: [],
    unpriced_models: [{ model: "made-up-1", records: 1 }],
    errors: [],
  });
});

test("names the file and the line of what it skipped, never what is in it", () => {
  const box = sandbox();
  const log = claudeLog(box, "/w", "s");
  writeFileSync(log, `${claudeLine({ cwd: "/w" })}\n${claudeLine({ cwd: "/w" }).slice(0, -5)}\n`);
  const { stdout } = box.boba(["import"]);
  expect(stdout).toContain(`skipped in this run: 1 lines, 0 files\n  ${log}:2  not JSON\n`);
  expect(stdout).not.toContain(SENTINEL);
});

test("no agent, no logs: nothing to do is no failure", () => {
  expect(sandbox().json(["import"])).toMatchObject({ new_records: 0, files: 0, errors: [] });
});

test("a wrong source, format or setting ends with 2 and says what to type", () => {
  const box = sandbox();
  expect(box.boba(["import", "--source", "nobody"], { expect: 2 }).stderr).toContain("use one of: claude-code");
  expect(box.boba(["import", "--format", "xml"], { expect: 2 }).stderr).toContain("use one of: text, json");
  mkdirSync(box.bobaHome, { recursive: true });
  writeFileSync(join(box.bobaHome, "settings.yaml"), "hooks:\n  mode: loud\n");
  expect(box.boba(["import"], { expect: 2 }).stderr).toContain("settings.yaml:2:3: hooks.mode: expected one of");
});

test("a file that may not be read is told, and the others are collected", () => {
  const box = sandbox();
  respond(box, { cwd: "/w", session: "open" });
  respond(box, { cwd: "/w", session: "closed" });
  const closed = claudeLog(box, "/w", "closed");
  chmodSync(closed, 0o000);
  const summary = box.json(["import"]);
  // The superuser may read everything: for that user the file is simply one more.
  expect(summary).toMatchObject(
    IS_ROOT
      ? { new_records: 2, skipped: [] }
      : { new_records: 1, skipped_files: 1, skipped: [{ path: closed, line: 0, reason: "cannot be read (EACCES)" }] },
  );
  chmodSync(closed, 0o600);
  box.boba(["import"]);
  expect(storedTotal(box)?.records).toBe(2);
  expect(query(box, "SELECT * FROM skipped")).toEqual([]);
});

test("killed at any moment and run again: every record once", { timeout: 120_000 }, async () => {
  // More than one transaction's worth, so that the first kill falls between two.
  const { box, corpus } = withCorpus(11, 30, 600);
  const first = start(box);
  let isRunning = true;
  void first.ended.then(() => (isRunning = false));
  while (isRunning && stored(box) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  first.child.kill("SIGKILL");
  await first.ended;
  for (const afterMs of [80, 140, 200, 260, 320, 400]) {
    const { child, ended } = start(box);
    setTimeout(() => child.kill("SIGKILL"), afterMs);
    await ended;
  }
  box.boba(["import"]);
  expect(storedTotal(box)).toEqual(corpus.total);
  expect(storedBySession(box)).toEqual(corpus.bySession);
  expect(query(box, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
});

/** Records so far, of a process that may not have made the table yet. */
function stored(box: Sandbox): number {
  try {
    return storedTotal(box)?.records ?? 0;
  } catch {
    // No database yet, or one that is just being made.
    return 0;
  }
}

test("two at once: every record once", { timeout: 120_000 }, async () => {
  const { box, corpus } = withCorpus(12, 8, 300);
  const [one, two] = await Promise.all([start(box).ended, start(box).ended]);
  expect([one, two]).toEqual([
    { code: 0, stderr: "" },
    { code: 0, stderr: "" },
  ]);
  expect(storedTotal(box)).toEqual(corpus.total);
  expect(storedBySession(box)).toEqual(corpus.bySession);
});
