import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addNote, commits, line, manyCommits } from "../helpers/cells.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

interface Hosted {
  box: Sandbox;
  url: string;
  remote: string;
  /** Tip of `main`, which has moved on since the branch left it. */
  base: string;
  /** The branch's commits, oldest first; each carries a note of $1.50. */
  shas: string[];
  /** What the host made of both, at refs/pull/7/merge. */
  merge: string;
}

/** A bare repository as a host would keep it: main with 60 commits, a branch of three that left it 20 commits ago, one pull request. */
function hosted(): Hosted {
  const box = sandbox();
  const at = box.repo();
  manyCommits(box, at, "main", 40);
  box.git(at, "checkout", "-q", "-b", "feat");
  const shas = commits(box, at, "one", "two", "three");
  for (const [n, sha] of shas.entries()) addNote(box, at, `aaaaaaa${n}`, sha, line(String(n)));
  box.git(at, "checkout", "-q", "main");
  const base = manyCommits(box, at, "later", 20);
  box.git(at, "checkout", "-q", "--detach");
  box.git(at, "merge", "-q", "--no-ff", "-m", "Merge feat into main", "feat");
  const merge = box.git(at, "rev-parse", "HEAD");
  box.git(at, "update-ref", "refs/pull/7/merge", merge);
  box.git(at, "update-ref", "refs/pull/7/head", shas[2] as string);
  box.git(at, "checkout", "-q", "main");
  box.git(box.dir, "clone", "-q", "--mirror", at, "remote.git");
  const remote = join(box.dir, "remote.git");
  return { box, url: `file://${remote}`, remote, base, shas, merge };
}

/** What a pipeline's checkout does: one commit of one ref, HEAD detached. */
function checkout({ box, url }: Hosted, ref: string): string {
  const at = join(box.dir, "work");
  box.git(box.dir, "init", "-q", "work");
  box.git(at, "remote", "add", "origin", url);
  box.git(at, "fetch", "-q", "--no-tags", "--depth=1", "origin", `+${ref}:refs/remotes/pull/checked-out`);
  box.git(at, "checkout", "-q", "--detach", "refs/remotes/pull/checked-out");
  return at;
}

const subjects = (json: { by_commit: { subject: string }[] }) => json.by_commit.map(({ subject }) => subject);

test("GitHub, pull request, one commit checked out: range and figures are found without an option", () => {
  const host = hosted();
  const { box, base, shas, merge } = host;
  const at = checkout(host, "refs/pull/7/merge");
  const event = join(box.dir, "event.json");
  const head = shas[2] as string;
  writeFileSync(
    event,
    JSON.stringify({ number: 7, pull_request: { number: 7, commits: 3, base: { sha: base }, head: { sha: head, repo: null } } }),
  );
  const env = { GITHUB_ACTIONS: "true", GITHUB_EVENT_PATH: event, GITHUB_SHA: merge };
  const json = box.json(["ci"], { cwd: at, env });
  expect(json).toMatchObject({ base, head, commits: 3, commits_with_data: 3, cost_usd: 4.5, requests: 6 });
  expect(subjects(json)).toEqual(["three", "two", "one"]);
  expect(existsSync(box.bobaHome)).toBe(false);
  const { stdout } = box.boba(["ci"], { cwd: at, env });
  const [first, ...rest] = stdout.trimEnd().split("\n");
  expect(first).toMatch(/^::stop-commands::[0-9a-f-]{36}$/);
  expect(rest.at(-1)).toBe(`::${first?.split("::")[2]}::`);
});

test("GitHub, no payload: the parents of the merge commit are the range", () => {
  const host = hosted();
  const { box, base, shas, merge } = host;
  const at = checkout(host, "refs/pull/7/merge");
  const json = box.json(["ci"], { cwd: at, env: { GITHUB_ACTIONS: "true", GITHUB_SHA: merge } });
  expect(json).toMatchObject({ base, head: shas[2], commits: 3, cost_usd: 4.5 });
});

test("GitHub, push: from before to after", () => {
  const host = hosted();
  const { box, shas } = host;
  const at = checkout(host, "refs/heads/feat");
  const event = join(box.dir, "event.json");
  writeFileSync(event, JSON.stringify({ before: shas[0], after: shas[2] }));
  expect(subjects(box.json(["ci"], { cwd: at, env: { GITHUB_ACTIONS: "true", GITHUB_EVENT_PATH: event } }))).toEqual(["three", "two"]);
});

test("GitLab: the merge request's own variables, with and without merged results", () => {
  const host = hosted();
  const { box, shas } = host;
  const fork = box.git(host.remote, "rev-parse", "feat~3");
  const at = checkout(host, "refs/heads/feat");
  const env = { GITLAB_CI: "true", CI_MERGE_REQUEST_IID: "7", CI_MERGE_REQUEST_DIFF_BASE_SHA: fork };
  const plain = box.json(["ci"], { cwd: at, env: { ...env, CI_COMMIT_SHA: shas[2], CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "" } });
  expect(plain).toMatchObject({ base: fork, head: shas[2], commits: 3, cost_usd: 4.5 });
  const merged = box.json(["ci"], { cwd: at, env: { ...env, CI_COMMIT_SHA: host.merge, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: shas[2] } });
  expect(merged).toMatchObject({ head: shas[2], commits: 3 });
});

test("in a clone of depth 1 a base that is not here is fetched, by id and by name", () => {
  const host = hosted();
  const { box, base, shas } = host;
  const at = checkout(host, "refs/heads/feat");
  for (const name of [base, "main", "origin/main"]) {
    expect(box.json(["ci", "--base", name], { cwd: at })).toMatchObject({ base, head: shas[2], commits: 3, commits_with_data: 3 });
  }
  // No more was fetched than was needed: the clone is still shallow, and no branch or tag has come along.
  expect(box.git(at, "rev-parse", "--is-shallow-repository")).toBe("true");
  expect(box.git(at, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/tags")).toBe("");
});

test("a merge of main into the branch does not bring main's commits in", () => {
  const host = hosted();
  const { box } = host;
  const dev = join(box.dir, "dev");
  box.git(box.dir, "clone", "-q", host.url, "dev");
  box.git(dev, "checkout", "-q", "feat");
  box.git(dev, "merge", "-q", "--no-ff", "-m", "catch up", "origin/main~5");
  commits(box, dev, "four");
  box.git(dev, "push", "-q", "origin", "feat");
  const at = checkout(host, "refs/heads/feat");
  expect(subjects(box.json(["ci", "--base", "main"], { cwd: at }))).toEqual(["four", "catch up", "three", "two", "one"]);
});

test("history that is longer than every guess is fetched to its end", () => {
  const host = hosted();
  const { box, remote } = host;
  const root = box.git(remote, "rev-list", "--max-parents=0", "feat");
  const at = checkout(host, "refs/heads/feat");
  expect(box.json(["ci", "--base", root], { cwd: at }).commits).toBe(43);
});

test("without a fetch a cut-off history and a missing base are named, not guessed over", () => {
  const host = hosted();
  const { box, base, shas } = host;
  const at = checkout(host, "refs/heads/feat");
  expect(box.boba(["ci", "--base", base, "--no-fetch"], { cwd: at, expect: 1 }).stderr).toContain(`commit ${base} is not in this clone`);
  box.git(at, "fetch", "-q", "--depth=1", "origin", "main");
  const { stderr, stdout } = box.boba(["ci", "--base", base, "--no-fetch", "--format", "json"], { cwd: at });
  expect(stderr).toContain(`history is cut off before ${base.slice(0, 7)} meets ${shas[2]?.slice(0, 7)}`);
  expect(JSON.parse(stdout).commits).toBe(1);
});

test("a remote that cannot be reached is a warning and no data, not a crash", () => {
  const host = hosted();
  const { box, shas } = host;
  box.git(box.dir, "clone", "-q", host.url, "full");
  const at = join(box.dir, "full");
  box.git(at, "remote", "set-url", "origin", join(box.dir, "gone.git"));
  const { stderr, stdout } = box.boba(["ci", "--base", "origin/main", "--head", shas[2] as string, "--format", "json"], { cwd: at });
  expect(stderr).toMatch(/^boba: no notes could be fetched from origin \(fatal: .*\): counting what is here\n$/);
  expect(JSON.parse(stdout)).toMatchObject({ cost_usd: null, commits: 3, commits_with_data: 0 });
});

test("a full clone stays full, and a base that no server has is an error", () => {
  const host = hosted();
  const { box, shas } = host;
  box.git(box.dir, "clone", "-q", host.url, "full");
  const at = join(box.dir, "full");
  expect(box.json(["ci", "--base", "origin/main", "--head", shas[2] as string], { cwd: at }).cost_usd).toBe(4.5);
  expect(box.git(at, "rev-parse", "--is-shallow-repository")).toBe("false");
  expect(box.boba(["ci", "--base", "1".repeat(40)], { cwd: at, expect: 1 }).stderr).toContain("[BOBA-CI-2]");
});
