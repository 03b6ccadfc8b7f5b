/** Two branches, two agents, partial commits, a skipped pick, a squash merge: the books other tools get wrong. Sums by hand, in dollars. */
import { expect, it } from "vitest";
import { abandoned, claimedBy, homeOf } from "../helpers/books.ts";
import { sandbox, sandboxIn } from "../helpers/sandbox.ts";
import { commit, head, talk } from "../helpers/work.ts";

/** sonnet-4-5: 15 $ per million output tokens, so 1,000 tokens are 0.015 $. */
const tokens = (usd: number): number => Math.round(usd / 0.000015);
const usd = (outputs: readonly number[]): number => Number((outputs.reduce((sum, one) => sum + one, 0) * 0.000015).toFixed(9));

const A1 = tokens(0.138);
const A2 = tokens(0.0465);
const B1 = tokens(0.126);
const B2 = tokens(0.018);
const C1 = tokens(0.048);
const C2 = tokens(0.078);
const X = tokens(0.009);

function cell(rows: { branch: string | null; bucket?: string }[], branch: string): any {
  return rows.find((row) => row.branch === branch);
}

it.each(["lazy", "background"])("the scenario, hooks in mode %s", (mode) => {
  const box = sandbox();
  const repo = box.repo();
  box.git(box.dir, "clone", "-q", "--bare", repo, "hub.git");
  box.git(repo, "remote", "add", "origin", `${box.dir}/hub.git`);
  box.git(repo, "fetch", "-q");
  box.boba(["hooks", "install", "--mode", mode], { cwd: repo });

  box.git(repo, "checkout", "-q", "-b", "a");
  talk(box, repo, A1, { session: "sa", edits: [`${repo}/a1`] });
  commit(box, repo, "a1");
  talk(box, repo, A2, { session: "sa", edits: [`${repo}/a2`] });
  box.write(repo, "a2", "2");
  box.git(repo, "add", "a2");
  box.git(repo, "commit", "-q", "--amend", "-m", "a work");

  box.git(repo, "checkout", "-q", "-b", "b", "main");
  talk(box, repo, B1, { session: "sb", edits: [`${repo}/shared`] });
  const bOne = commit(box, repo, "shared", "ours\n");
  talk(box, repo, B2, { session: "sb", edits: [`${repo}/b2`] });
  commit(box, repo, "b2");
  talk(box, repo, C1, { session: "sc", edits: [`${repo}/c1`] });
  talk(box, repo, C2, { session: "sc", edits: [`${repo}/c2`] });
  box.write(repo, "c1", "1");
  box.write(repo, "c2", "2");
  commit(box, repo, "c1", "1");
  commit(box, repo, "c2", "2");

  box.git(box.dir, "clone", "-q", "hub.git", "colleague");
  box.git(`${box.dir}/colleague`, "config", "user.name", "Bob");
  const theirs = commit(box, `${box.dir}/colleague`, "shared", "theirs\n");
  box.git(`${box.dir}/colleague`, "push", "-q", "origin", "HEAD:main");

  box.git(repo, "checkout", "-q", "main");
  box.git(repo, "pull", "-q", "--ff-only", "origin", "main");
  talk(box, repo, X, { session: "sx" });
  box.git(repo, "checkout", "-q", "a");
  box.git(repo, "rebase", "-q", "main");
  box.git(repo, "checkout", "-q", "b");
  box.tryGit(repo, ["rebase", "-q", "main"], { expect: 1 });
  box.git(repo, "rebase", "--skip");
  box.git(repo, "checkout", "-q", "main");
  box.git(repo, "merge", "-q", "--squash", "a");
  box.git(repo, "commit", "-q", "-m", "a, squashed");

  const audit = box.json(["audit"]);
  expect(audit).toMatchObject({ balanced: true, faults: [], records: 7, cost_nano_usd: "463500000" });
  const squash = head(box, repo);
  expect(usd(claimedBy(box, squash))).toBe(0.1845);
  expect(usd(homeOf(box, squash))).toBe(0.1845);
  expect(usd(claimedBy(box, box.git(repo, "rev-parse", "a")))).toBe(0.1845);
  expect(["b~2", "b~1", "b"].map((rev) => usd(homeOf(box, box.git(repo, "rev-parse", rev))))).toEqual([0.018, 0.048, 0.078]);
  expect(usd(abandoned(box))).toBe(0.126);
  expect(homeOf(box, bOne)).toEqual([B1]);
  expect(claimedBy(box, theirs)).toEqual([]);
  expect(audit.buckets.pending.cost_nano_usd).toBe("9000000");
  expect(audit.buckets.abandoned.cost_nano_usd).toBe("126000000");
  const { rows } = box.json(["report", "--by", "branch"]);
  expect(cell(rows, "a").cost_nano_usd).toBe("184500000");
  expect(cell(rows, "b")).toMatchObject({ committed: { cost_nano_usd: "144000000" }, abandoned: { cost_nano_usd: "126000000" } });
  expect(cell(rows, "main").pending.cost_nano_usd).toBe("9000000");

  // The same from a fresh clone that has nothing but the notes.
  box.git(repo, "push", "-q", "origin", "main", "a", "b");
  box.boba(["notes", "push"], { cwd: repo });
  const other = sandboxIn(`${box.dir}/elsewhere`);
  other.git(box.dir, "clone", "-q", "--no-local", "--depth=1", "-b", "main", `file://${box.dir}/hub.git`, "fresh");
  const ci = (...args: string[]) => other.json(["ci", ...args], { cwd: `${box.dir}/fresh` });
  expect(ci("--base", theirs, "--head", squash).cost_nano_usd).toBe("184500000");
  const b = ci("--base", theirs, "--head", box.git(repo, "rev-parse", "b"));
  expect(b.cost_nano_usd).toBe("144000000");
  expect(b.by_commit.map((row: { cost_nano_usd: string }) => row.cost_nano_usd).sort()).toEqual(["18000000", "48000000", "78000000"]);
  expect(ci("--base", box.git(repo, "rev-parse", "main~2"), "--head", theirs)).toMatchObject({
    commits: 1,
    commits_with_data: 0,
    requests: 0,
  });
});
