/** Work of another machine that is made again on this one: what that machine noted goes along, though this one's ledger holds none of it. */
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, head, talk } from "../helpers/work.ts";

const URL = "https://example.com/acme/api.git";

/** Two machines, each with a clone of one hub. The first has noted 1,000 output tokens (0.015 $) on `a` and 2,000 on `b`, on branch feat. */
function team() {
  const [desk, laptop] = [sandbox(), sandbox()];
  desk.git(desk.dir, "clone", "-q", "--bare", desk.repo("start"), "hub.git");
  for (const box of [desk, laptop]) {
    box.git(box.dir, "config", "--global", `url.${desk.dir}/hub.git.insteadOf`, URL);
    box.git(box.dir, "clone", "-q", URL, "repo");
    box.boba(["hooks", "install", "--mode", "lazy"], { cwd: `${box.dir}/repo` });
  }
  const [atDesk, atLap] = [`${desk.dir}/repo`, `${laptop.dir}/repo`];
  desk.git(atDesk, "checkout", "-q", "-b", "feat");
  talk(desk, atDesk, 1000, { session: "desk" });
  const a = commit(desk, atDesk, "a");
  talk(desk, atDesk, 2000, { session: "desk" });
  const b = commit(desk, atDesk, "b");
  desk.git(atDesk, "push", "-q", "-u", "origin", "feat");
  desk.boba(["notes", "push"], { cwd: atDesk });
  laptop.git(atLap, "fetch", "-q");
  laptop.git(atLap, "checkout", "-q", "feat");
  return { desk, laptop, atDesk, atLap, a, b };
}

const fetchNotes = (box: Sandbox, repo: string) => box.boba(["notes", "fetch"], { cwd: repo });

/** Nano-dollars of each commit from main on, the oldest first, as a pipeline reads them in a clone of its own. */
function inCi(desk: Sandbox): { total: number; commits: number[] } {
  const ci = sandbox();
  ci.git(ci.dir, "clone", "-q", `${desk.dir}/hub.git`, "ci");
  const at = `${ci.dir}/ci`;
  fetchNotes(ci, at);
  const told = ci.json(["ci", "--base", "origin/main", "--head", "origin/feat", "--no-fetch"], { cwd: at });
  const shas = ci.git(at, "rev-list", "--reverse", "origin/main..origin/feat").split("\n");
  const refs = ci.git(at, "for-each-ref", "--format=%(refname)", "refs/notes/boba").split("\n");
  const linesOn = (sha: string) => refs.flatMap((ref) => ci.tryGit(at, ["notes", `--ref=${ref}`, "show", sha]).stdout.split("\n"));
  const commits = shas.map((sha) => {
    const cells = linesOn(sha).flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
    return [...new Map(cells.map((cell) => [cell.id, cell.nano_usd as number])).values()].reduce((all, one) => all + one, 0);
  });
  return { total: Number(told.cost_nano_usd), commits };
}

function pushAll(laptop: Sandbox, atLap: string): void {
  laptop.git(atLap, "push", "-q", "--force");
  laptop.boba(["notes", "push"], { cwd: atLap });
}

it("another machine's commits, amended and rebased here, keep what that machine noted on them", () => {
  const { desk, laptop, atLap } = team();
  fetchNotes(laptop, atLap);
  talk(laptop, atLap, 4000, { session: "laptop" });
  laptop.git(atLap, "commit", "-q", "--amend", "--allow-empty", "-m", "b, better");
  laptop.git(atLap, "checkout", "-q", "main");
  commit(laptop, atLap, "x");
  laptop.git(atLap, "push", "-q");
  laptop.git(atLap, "rebase", "-q", "main", "feat");
  pushAll(laptop, atLap);
  expect(inCi(desk)).toEqual({ total: 105_000_000, commits: [15_000_000, 90_000_000] });
  expect(laptop.json(["audit"])).toMatchObject({ balanced: true, faults: [] });
});

it("the same when the notes are fetched only after the commits were made again", () => {
  const { desk, laptop, atLap } = team();
  laptop.git(atLap, "commit", "-q", "--amend", "--allow-empty", "-m", "b, better");
  laptop.boba(["report"], { cwd: atLap });
  fetchNotes(laptop, atLap);
  pushAll(laptop, atLap);
  expect(inCi(desk)).toEqual({ total: 45_000_000, commits: [15_000_000, 30_000_000] });
});

it("the same when they came by a plain git fetch, which boba does not see", () => {
  const { desk, laptop, atLap } = team();
  laptop.git(atLap, "commit", "-q", "--amend", "--allow-empty", "-m", "b, better");
  laptop.boba(["report"], { cwd: atLap });
  laptop.git(atLap, "fetch", "-q", "origin", "+refs/notes/boba/*:refs/notes/boba/*");
  laptop.boba(["report"], { cwd: atLap });
  fetchNotes(laptop, atLap);
  pushAll(laptop, atLap);
  expect(inCi(desk)).toEqual({ total: 45_000_000, commits: [15_000_000, 30_000_000] });
});

it("a clone that gets another id writes these notes again too", () => {
  const { laptop, atLap } = team();
  fetchNotes(laptop, atLap);
  laptop.git(atLap, "commit", "-q", "--amend", "--allow-empty", "-m", "b, better");
  laptop.boba(["report"], { cwd: atLap });
  const before = laptop.git(atLap, "config", "boba.clone");
  laptop.boba(["hooks", "uninstall"], { cwd: atLap });
  laptop.boba(["hooks", "install", "--mode", "lazy"], { cwd: atLap });
  const after = laptop.git(atLap, "config", "boba.clone");
  expect(after).not.toBe(before);
  laptop.boba(["report"], { cwd: atLap });
  const noted = [before, after].map((id) => laptop.git(atLap, "notes", `--ref=refs/notes/boba/${id}`, "show", head(laptop, atLap)));
  expect(noted[1]).toBe(noted[0]);
  expect(noted[1]).toContain('"nano_usd":30000000');
});

it("commits on the way to the last version that git has collected are not looked at for ever", () => {
  const { desk, laptop, atDesk, atLap } = team();
  for (const message of ["b, better", "b, best"]) laptop.git(atLap, "commit", "-q", "--amend", "--allow-empty", "-m", message);
  laptop.boba(["report"], { cwd: atLap });
  for (const args of [
    ["reflog", "expire", "--expire=now", "--all"],
    ["gc", "-q", "--prune=now"],
  ])
    laptop.git(atLap, ...args);
  fetchNotes(laptop, atLap);
  const db = new Database(laptop.db, { readonly: true });
  const due = db.prepare("SELECT count(*) FROM commits WHERE note_dirty = 1 AND reachable = 1").pluck().get();
  db.close();
  expect(due).toBe(0);
  pushAll(laptop, atLap);
  expect(inCi(desk).commits).toEqual([15_000_000, 30_000_000]);
  expect(desk.json(["audit"], { cwd: atDesk })).toMatchObject({ balanced: true });
});

it("a commit that is dropped here takes its cost to no other", () => {
  const { desk, laptop, atLap, a } = team();
  fetchNotes(laptop, atLap);
  laptop.git(atLap, "rebase", "-q", "--onto", "main", a, "feat");
  pushAll(laptop, atLap);
  expect(laptop.git(atLap, "rev-list", "--count", "main..feat")).toBe("1");
  expect(inCi(desk)).toEqual({ total: 30_000_000, commits: [30_000_000] });
});

it("when the first machine comes back, it holds the new commits too, and nothing is counted twice", () => {
  const { desk, laptop, atDesk, atLap } = team();
  fetchNotes(laptop, atLap);
  laptop.git(atLap, "checkout", "-q", "main");
  commit(laptop, atLap, "x");
  laptop.git(atLap, "push", "-q");
  laptop.git(atLap, "rebase", "-q", "main", "feat");
  pushAll(laptop, atLap);
  desk.git(atDesk, "fetch", "-q");
  desk.git(atDesk, "reset", "-q", "--hard", "origin/feat");
  desk.boba(["notes", "push"], { cwd: atDesk });
  expect(head(desk, atDesk)).toBe(head(laptop, atLap));
  expect(inCi(desk)).toEqual({ total: 45_000_000, commits: [15_000_000, 30_000_000] });
});

/** Requests and nano-dollars by state, with what the notes tell. */
const states = (box: Sandbox, repo: string) =>
  Object.fromEntries(
    box
      .json(["report", "--by", "state", "--shared"], { cwd: repo })
      .rows.map((row: any) => [row.key, `${row.requests} for ${row.cost_nano_usd}`]),
  );

it("report --shared knows on either machine what became of the work: open while the branch is, shipped once main has it", () => {
  const { desk, laptop, atDesk, atLap } = team();
  fetchNotes(laptop, atLap);
  talk(laptop, atLap, 4000, { session: "laptop" });
  laptop.git(atLap, "commit", "-q", "--amend", "--allow-empty", "-m", "b, better");
  pushAll(laptop, atLap);
  desk.git(atDesk, "fetch", "-q");
  desk.git(atDesk, "reset", "-q", "--hard", "origin/feat");
  desk.git(atDesk, "reflog", "expire", "--expire=now", "--all");
  fetchNotes(desk, atDesk);
  const open = { open: "3 for 105000000" };
  expect([states(desk, atDesk), states(laptop, atLap)]).toEqual([open, open]);

  desk.git(atDesk, "checkout", "-q", "main");
  desk.git(atDesk, "merge", "-q", "--ff-only", "feat");
  desk.git(atDesk, "push", "-q", "origin", "main");
  laptop.git(atLap, "fetch", "-q");
  const shipped = { shipped: "3 for 105000000" };
  expect([states(desk, atDesk), states(laptop, atLap)]).toEqual([shipped, shipped]);
});

it("work that landed in another version, made on the other machine, is its author's on both", () => {
  const { desk, laptop, atDesk, atLap } = team();
  fetchNotes(laptop, atLap);
  talk(laptop, atLap, 4000, { session: "laptop" });
  laptop.write(atLap, "b", "changed\nmore\n");
  laptop.git(atLap, "add", "b");
  laptop.git(atLap, "commit", "-q", "--amend", "-m", "b, better");
  pushAll(laptop, atLap);
  desk.git(atDesk, "fetch", "-q");
  desk.git(atDesk, "reset", "-q", "--hard", "origin/feat");
  fetchNotes(desk, atDesk);
  for (const [box, at] of [
    [desk, atDesk],
    [laptop, atLap],
  ] as const) {
    const { rows } = box.json(["report", "--shared", "--by", "author"], { cwd: at });
    expect(rows.map((row: any) => [row.bucket, row.requests, row.cost_nano_usd])).toEqual([["committed", 3, "105000000"]]);
  }
});
