/** What `boba metrics` tells of boba itself: background runs, what waits, what was pushed; and the file under any umask. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HOOK_BUCKETS_S, parseHookRuns, withRun } from "../../src/core/hook-runs.ts";
import { ledgerAt } from "../helpers/ledger.ts";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, talk } from "../helpers/work.ts";

/** Samples by the whole of what stands before the value. */
function samples(box: Sandbox): Record<string, number> {
  const lines = box.boba(["metrics", "--no-import"]).stdout.split("\n");
  return Object.fromEntries(
    lines
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}

test("background runs are counted and timed, those that failed too", () => {
  const box = sandbox();
  box.boba(["drain"]);
  box.boba(["drain"]);
  expect(samples(box)).toMatchObject({
    boba_hook_errors_total: 0,
    boba_hook_duration_seconds_count: 2,
    'boba_hook_duration_seconds_bucket{le="+Inf"}': 2,
    'boba_hook_duration_seconds_bucket{le="60"}': 2,
  });
  writeFileSync(join(box.bobaHome, "settings.yaml"), "hooks: [\n");
  box.boba(["drain"], { expect: 2 });
  rmSync(join(box.bobaHome, "settings.yaml"));
  expect(samples(box)).toMatchObject({ boba_hook_errors_total: 1, boba_hook_duration_seconds_count: 3 });
  expect(box.boba(["metrics", "--no-import"]).stdout).toContain("# TYPE boba_hook_duration_seconds histogram\n");
});

test("runs go into the first bucket that holds them; what was stored by something else counts for nothing", () => {
  const all = [99, 100, 101, 60_000, 60_001, -5].reduce(
    (runs, durationMs) => withRun(runs, { ok: durationMs !== 101, durationMs }),
    parseHookRuns(null),
  );
  expect(all).toMatchObject({ runs: 6, errors: 1, sumMs: 120_301 });
  expect(HOOK_BUCKETS_S.map((bound, at) => [bound, all.buckets[at]]).filter(([, count]) => count !== 0)).toEqual([
    [0.1, 3],
    [0.25, 1],
    [60, 1],
  ]);
  expect(parseHookRuns(JSON.stringify(all))).toEqual(all);
  expect(["{", "null", '{"runs":1}', '{"runs":1,"errors":0,"sumMs":1,"buckets":[1]}'].map((text) => parseHookRuns(text).runs)).toEqual([
    0, 0, 0, 0,
  ]);
});

test("records whose notes are not written yet, once each; pushes that wait; when notes were pushed", () => {
  const box = sandbox();
  const remote = join(box.dir, "remote.git");
  box.git(box.dir, "init", "-q", "--bare", remote);
  const repo = box.repo("shop");
  box.git(repo, "remote", "add", "origin", remote);
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo });
  talk(box, repo, 1000);
  commit(box, repo, "a.txt");
  box.boba(["drain"], { cwd: repo });
  expect(samples(box)).toMatchObject({ boba_outbox_records: 0, boba_outbox_pushes: 0 });
  expect(Object.keys(samples(box)).filter((name) => name.startsWith("boba_last_push"))).toEqual([]);
  box.boba(["notes", "push"], { cwd: repo });
  const pushed = samples(box)['boba_last_push_timestamp_seconds{target="origin"}'] ?? 0;
  expect(Math.abs(pushed - Date.now() / 1000)).toBeLessThan(60);
  const ledger = ledgerAt(box.db);
  // The same record at a second commit counts once.
  ledger.db.exec(`
    INSERT INTO commits (repo, sha, note_dirty) SELECT repo, '${"d".repeat(40)}', 1 FROM commits LIMIT 1;
    INSERT INTO claims (record_seq, commit_id, via, evidence) SELECT 1, id, 'amend', 'hint' FROM commits WHERE note_dirty = 1;
    UPDATE commits SET note_dirty = 1;
    INSERT INTO shares (repo, remote, cwd) SELECT id, 'origin', '/' FROM repos`);
  ledger.close();
  expect(samples(box)).toMatchObject({ boba_outbox_records: 1, boba_outbox_pushes: 1 });
});

test("the textfile can be read by the exporter, whatever the umask", () => {
  const box = sandbox();
  const folder = join(box.dir, "textfile");
  mkdirSync(folder);
  const run = spawnSync("sh", ["-c", `umask 077; exec "$0" "$1" metrics --textfile "$2"`, process.execPath, BOBA, folder], {
    env: box.env,
  });
  expect(run.status).toBe(0);
  expect(statSync(join(folder, "boba.prom")).mode & 0o777).toBe(0o644);
});
