/** One developer on two machines, or in two clones on one: everything is counted once, wherever it is looked at. */
import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { claimedBy, homeOf, pending } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, head, talk } from "../helpers/work.ts";

const balanced = (box: Sandbox) => expect(box.json(["audit"])).toMatchObject({ balanced: true, faults: [] });

const URL = "https://example.com/acme/api.git";

/** A server that every machine knows by one address. */
function hub(...machines: Sandbox[]): void {
  const box = machines[0] as Sandbox;
  const start = box.repo("start");
  box.git(box.dir, "clone", "-q", "--bare", start, "hub.git");
  for (const one of machines) one.git(one.dir, "config", "--global", `url.${box.dir}/hub.git.insteadOf`, URL);
}

function clone(box: Sandbox, name: string): string {
  box.git(box.dir, "clone", "-q", URL, name);
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: `${box.dir}/${name}` });
  return `${box.dir}/${name}`;
}

const pushNotes = (box: Sandbox, repo: string) => box.boba(["notes", "push"], { cwd: repo });

/** 1,000 output tokens cost 0.015 $. What all of the repository's work cost, by the commit that it is counted at. */
const shared = (box: Sandbox, repo: string) => {
  const report = box.json(["report", "--by", "commit", "--shared"], { cwd: repo });
  const rows = report.rows.map((row: any) => [row.key, row.requests, row.cost_nano_usd] as const);
  return { total: [report.totals.requests, report.totals.cost_nano_usd], rows: new Map(rows.map(([key, ...sums]: any) => [key, sums])) };
};

/** One commit with 1,000 tokens and one with 2,000, and nothing else. */
function expectBoth(box: Sandbox, repo: string, a: string, b: string): void {
  const { total, rows } = shared(box, repo);
  expect([total, rows.get(a), rows.get(b)]).toEqual([
    [2, "45000000"],
    [1, "15000000"],
    [1, "30000000"],
  ]);
}

it("two machines, their notes pushed and fetched: the union, and nothing twice", () => {
  const [desk, laptop] = [sandbox(), sandbox()];
  hub(desk, laptop);
  const [atDesk, atLap] = [clone(desk, "repo"), clone(laptop, "repo")];
  talk(desk, atDesk, 1000, { session: "desk" });
  const a = commit(desk, atDesk, "a");
  desk.git(atDesk, "push", "-q", "origin", "main");
  pushNotes(desk, atDesk);

  laptop.git(atLap, "pull", "-q");
  laptop.boba(["notes", "fetch"], { cwd: atLap });
  talk(laptop, atLap, 2000, { session: "laptop" });
  const b = commit(laptop, atLap, "b");
  laptop.git(atLap, "push", "-q");
  pushNotes(laptop, atLap);
  desk.git(atDesk, "pull", "-q");
  desk.boba(["notes", "fetch"], { cwd: atDesk });
  // A second fetch brings nothing that was not there.
  desk.boba(["notes", "fetch"], { cwd: atDesk });

  for (const [box, repo] of [
    [desk, atDesk],
    [laptop, atLap],
  ] as const) {
    expectBoth(box, repo, a, b);
    balanced(box);
  }
  expect([claimedBy(desk, a), claimedBy(laptop, b)]).toEqual([[1000], [2000]]);

  // The laptop makes both commits again upon a colleague's; the desk knows its own when they come back.
  laptop.git(atLap, "checkout", "-q", "-b", "moved", "HEAD~2");
  const theirs = commit(laptop, atLap, "t", "t\n", "--author", "Bob <bob@example.com>");
  laptop.git(atLap, "checkout", "-q", "main");
  laptop.git(atLap, "rebase", "-q", "moved");
  const [a2, b2] = [laptop.git(atLap, "rev-parse", "HEAD~1"), head(laptop, atLap)];
  laptop.git(atLap, "push", "-q", "--force");
  pushNotes(laptop, atLap);
  desk.git(atDesk, "fetch", "-q");
  desk.git(atDesk, "reset", "-q", "--hard", "origin/main");
  desk.boba(["notes", "fetch"], { cwd: atDesk });
  pushNotes(desk, atDesk);
  laptop.boba(["notes", "fetch"], { cwd: atLap });
  expect([homeOf(desk, a2), homeOf(laptop, b2)]).toEqual([[1000], [2000]]);
  expect([...claimedBy(desk, theirs), ...claimedBy(laptop, theirs)]).toEqual([]);
  for (const [box, repo] of [
    [desk, atDesk],
    [laptop, atLap],
  ] as const) {
    balanced(box);
    expectBoth(box, repo, a2, b2);
  }
});

it("a second clone of the same repository on one machine: one project, each record once", () => {
  const box = sandbox();
  hub(box);
  const [one, two] = [clone(box, "one"), clone(box, "two")];
  talk(box, one, 1000, { session: "one" });
  const a = commit(box, one, "a");
  box.git(one, "push", "-q");
  talk(box, two, 2000, { session: "two" });
  box.git(two, "pull", "-q", "--ff-only");
  balanced(box);
  // What came by the pull is the other clone's, and what waits here is not booked to it.
  expect(claimedBy(box, a)).toEqual([1000]);
  expect(pending(box)).toEqual({ main: [2000] });
  const b = commit(box, two, "b");
  box.git(two, "push", "-q");
  box.git(one, "pull", "-q", "--ff-only");
  box.git(one, "checkout", "-q", "-b", "copy", "HEAD~2");
  // Another parent: within one second, git would make the very same commits again.
  commit(box, one, "x");
  box.git(one, "cherry-pick", a, b);
  balanced(box);
  expect([a, b].map((sha) => claimedBy(box, sha))).toEqual([[1000], [2000]]);
  expect(claimedBy(box, box.git(one, "rev-parse", "HEAD~1"))).toEqual([1000]);
  const rows = box.json(["report", "--by", "project"], { cwd: one }).rows;
  expect(rows.map((row: any) => [row.requests, row.cost_nano_usd])).toEqual([[2, "45000000"]]);
  for (const repo of [one, two]) {
    pushNotes(box, repo);
    box.boba(["notes", "fetch"], { cwd: repo });
  }
  for (const repo of [one, two]) expect(shared(box, repo).total).toEqual([2, "45000000"]);
});

it("two clones on one machine whose remote is a folder, which names no repository: each knows the other by its notes, once", () => {
  const box = sandbox();
  hub(box);
  const [one, two] = [clone(box, "one"), clone(box, "two")];
  for (const repo of [one, two]) box.git(repo, "remote", "set-url", "origin", `${box.dir}/hub.git`);
  talk(box, one, 1000, { session: "one" });
  const a = commit(box, one, "a");
  box.git(one, "push", "-q");
  pushNotes(box, one);
  box.git(two, "pull", "-q", "--ff-only");
  talk(box, two, 2000, { session: "two" });
  const b = commit(box, two, "b");
  box.git(two, "push", "-q");
  box.git(one, "pull", "-q", "--ff-only");
  pushNotes(box, two);
  for (const repo of [one, two]) {
    box.boba(["notes", "fetch"], { cwd: repo });
    expectBoth(box, repo, a, b);
  }
  balanced(box);
});

it("commits made at once in three worktrees each take their own worktree's work", async () => {
  const box = sandbox();
  const repo = box.repo();
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo });
  const trees = [1, 2, 3].map((n) => {
    const at = `${box.dir}/tree${n}`;
    box.git(repo, "worktree", "add", "-q", "-b", `b${n}`, at);
    talk(box, at, n, { session: `s${n}` });
    box.write(at, "f", `${n}\n`);
    box.git(at, "add", "f");
    return at;
  });
  const commits = trees.map(
    (at) =>
      new Promise((done, fail) => {
        const child = spawn("git", ["commit", "-q", "-m", "at once"], { cwd: at, env: box.env, stdio: "ignore" });
        child.on("error", fail).on("exit", done);
      }),
  );
  expect(await Promise.all(commits)).toEqual([0, 0, 0]);
  balanced(box);
  expect(trees.map((at) => claimedBy(box, head(box, at)))).toEqual([[1], [2], [3]]);
  expect(pending(box)).toEqual({});
});
