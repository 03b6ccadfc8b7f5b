/** `boba ci carry` against repositories as a host leaves them after a merge. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addNote, line } from "../helpers/cells.ts";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit } from "../helpers/work.ts";

/** What pipelines write to: the first 8 hex of `printf boba.ci | sha256sum`. */
const CI_REF = "refs/notes/boba/471ce720";

interface Host {
  box: Sandbox;
  /** A full clone in which the server's work is done. */
  at: string;
  remote: string;
  /** Tip of main before the merge; it has moved on since the branch left it. */
  base: string;
  /** The pull request's commits, oldest first: each changes one file, the third the first one's again; a note of $1.50 on each. */
  shas: string[];
}

function host(): Host {
  const box = sandbox();
  const at = box.repo();
  commit(box, at, "shared", Array.from({ length: 30 }, (_, n) => `line ${n}\n`).join(""));
  box.git(at, "checkout", "-q", "-b", "feat");
  const shas = [commit(box, at, "one", "1\n"), commit(box, at, "two", "2\n"), commit(box, at, "one", "1\n1\n")];
  for (const [n, sha] of shas.entries()) addNote(box, at, `aaaaaaa${n}`, sha, line(String(n + 1)));
  box.git(at, "checkout", "-q", "main");
  const base = commit(box, at, "theirs");
  const remote = join(box.dir, "remote.git");
  box.git(box.dir, "clone", "-q", "--mirror", at, remote);
  box.git(at, "remote", "add", "origin", `file://${remote}`);
  return { box, at, remote, base, shas };
}

/** Makes the merge the way a server does, pushes it, and returns its last commit. */
function land({ box, at }: Host, way: "squash" | "rebase" | "merge"): string {
  if (way === "merge") box.git(at, "merge", "-q", "--no-ff", "-m", "Merge pull request #7 from feat", "feat");
  else if (way === "squash") {
    box.git(at, "merge", "-q", "--squash", "feat");
    box.git(at, "commit", "-q", "--author", "Ada L <1+ada@users.noreply.example.com>", "-m", "Feature (#7)");
  } else box.tryGit(at, ["cherry-pick", "main..feat"], { env: { GIT_COMMITTER_DATE: "2030-01-01T00:00:00Z" }, expect: 0 });
  box.git(at, "push", "-q", "origin", "main");
  return box.git(at, "rev-parse", "main");
}

const ids = (box: Sandbox, at: string, sha: string, ref = CI_REF): string[] =>
  box
    .tryGit(at, ["notes", `--ref=${ref}`, "show", sha])
    .stdout.split("\n")
    .filter(Boolean)
    .map((text) => (JSON.parse(text).id as string).replace(/^0+/, ""));

const args = (merge: string, { shas, base }: Host, ...more: string[]) => [
  "ci",
  "carry",
  "--merge",
  merge,
  "--pr-head",
  shas[2] as string,
  "--pr-base",
  base,
  ...more,
];

test.each(["squash", "merge"] as const)("a %s gets the cells of all commits, once, and the total stays what it was", (way) => {
  const all = host();
  const { box, at, remote, base } = all;
  const merge = land(all, way);
  expect(box.boba(args(merge, all, "--push"), { cwd: at }).stdout).toBe(
    `carried 3 cells ($4.50) to ${merge.slice(0, 7)}, ${way}, pushed\n`,
  );
  expect(ids(box, remote, merge)).toEqual(["1", "2", "3"]);
  expect(ids(box, remote, base)).toEqual([]);
  const tip = box.git(remote, "rev-parse", CI_REF);
  expect(box.json(args(merge, all, "--push"), { cwd: at })).toMatchObject({
    schema: "boba.carry/1",
    kind: way,
    cells: 3,
    cost_nano_usd: "4500000000",
    notes_changed: 0,
    ref: CI_REF,
  });
  expect(box.git(remote, "rev-parse", CI_REF)).toBe(tip);
  expect(box.json(["ci", "--base", base, "--head", merge], { cwd: at }).cost_usd).toBe(4.5);
});

test("a rebase merge: each new commit gets the cells of its own old one, whatever came in between", () => {
  const all = host();
  const { box, at, remote } = all;
  const merge = land(all, "rebase");
  const result = box.json(args(merge, all, "--push"), { cwd: at });
  const made = box.git(at, "rev-list", "--reverse", "main~3..main").split("\n");
  expect(result).toMatchObject({ kind: "rebase", cells: 3, notes_changed: 3, pushed: true });
  expect(new Map(result.pairs.map((pair: { to: string; from: string[] }) => [pair.to, pair.from]))).toEqual(
    new Map(made.map((sha, n) => [sha, [all.shas[n]]])),
  );
  expect(made.map((sha) => ids(box, remote, sha))).toEqual([["1"], ["2"], ["3"]]);
});

test("rebased in another order: by content, never by position", () => {
  const all = host();
  const { box, at } = all;
  const [one, two, three] = all.shas as [string, string, string];
  box.git(at, "cherry-pick", two, one, three);
  const merge = box.git(at, "rev-parse", "HEAD");
  box.boba(args(merge, all, "--no-fetch"), { cwd: at });
  expect([2, 1, 0].map((back) => ids(box, at, `HEAD~${back}`))).toEqual([["2"], ["1"], ["3"]]);
});

test("a squash where the base moved in the same file: the merge's own result is the evidence", () => {
  const all = host();
  const { box, at } = all;
  box.git(at, "checkout", "-q", "feat");
  const text = Array.from({ length: 30 }, (_, n) => `line ${n}\n`);
  const edit = (changed: number) => text.map((row, n) => (n === changed ? `new ${n}\n` : row)).join("");
  all.shas[2] = commit(box, at, "shared", edit(10));
  box.git(at, "checkout", "-q", "main");
  // Two lines away: the hunk's context is another one now, the merge is clean.
  all.base = commit(box, at, "shared", edit(13), "--author", "Bob <bob@example.com>");
  const merge = land(all, "squash");
  const withTree = box.tryGit(at, ["merge-tree", "--write-tree", "main~1", "feat"]).status === 0;
  const result = box.boba(args(merge, all, "--no-fetch"), { cwd: at, expect: withTree ? 0 : 1 });
  expect(result.stdout).toBe(withTree ? `carried 3 cells ($4.50) to ${merge.slice(0, 7)}, squash\n` : "");
});

test("refused, and nothing booked: another's commit, a part of the pull request, a squash with something more in it", () => {
  const all = host();
  const { box, at } = all;
  const refuse = (merge: string, why: string) => {
    const { stderr } = box.boba(args(merge, all, "--no-fetch"), { cwd: at, expect: 1 });
    expect(stderr).toContain("[BOBA-CI-5]\n  nothing was booked");
    expect(stderr).toContain(why);
    expect(box.git(at, "for-each-ref", CI_REF)).toBe("");
  };
  refuse(commit(box, at, "unrelated"), "what it changes is not what the pull request changes");
  box.git(at, "cherry-pick", all.shas[1] as string);
  refuse(box.git(at, "rev-parse", "HEAD"), "2 of the pull request's commits have no counterpart");
  box.git(at, "reset", "-q", "--hard", all.base);
  box.git(at, "merge", "-q", "--squash", "feat");
  box.write(at, "more", "more\n");
  box.git(at, "add", "-A");
  box.git(at, "commit", "-q", "-m", "squash and more");
  refuse(box.git(at, "rev-parse", "HEAD"), "what it changes is not what the pull request changes");
  // The last two of a rebase, the first one dropped: neither a rebase of all nor a squash.
  box.git(at, "reset", "-q", "--hard", all.base);
  box.git(at, "commit", "-q", "--allow-empty", "-m", "nothing");
  refuse(box.git(at, "rev-parse", "HEAD"), "what it changes is not what the pull request changes");
});

test("GitHub: found from the event, in a clone of depth 1; a fast-forward and a closed pull request carry nothing", () => {
  const all = host();
  const { box, remote, base, shas } = all;
  const merge = land(all, "squash");
  box.git(remote, "update-ref", "refs/pull/7/head", shas[2] as string);
  box.git(remote, "branch", "-q", "-D", "feat");
  box.git(box.dir, "clone", "-q", "--depth=1", `file://${remote}`, "work");
  const work = join(box.dir, "work");
  const event = join(box.dir, "event.json");
  const run = (payload: unknown) => {
    writeFileSync(event, JSON.stringify(payload));
    return box.boba(["ci", "carry", "--push"], { cwd: work, env: { GITHUB_ACTIONS: "true", CI: "true", GITHUB_EVENT_PATH: event } }).stdout;
  };
  const pull = { merged: true, merge_commit_sha: merge, commits: 3, base: { sha: base }, head: { sha: shas[2] } };
  const done = `carried 3 cells ($4.50) to ${merge.slice(0, 7)}, squash, pushed\n`;
  expect(run({ action: "closed", number: 7, pull_request: pull })).toBe(done);
  expect(ids(box, remote, merge)).toEqual(["1", "2", "3"]);
  expect(run({ action: "closed", number: 7, pull_request: { ...pull, merged: false } })).toMatch(
    /^nothing to carry: .* closed without a merge\n$/,
  );
  expect(run({ action: "closed", number: 7, pull_request: { ...pull, merge_commit_sha: shas[2] } })).toMatch(
    /^nothing to carry: .* own commits\n$/,
  );
  expect(run({ before: base, after: merge, head_commit: { message: "Feature (#7)\n\nbody" } })).toBe(
    done.replace("carried", "carried before:"),
  );
});

test("GitLab: squash below a merge commit, found from the commit's message", () => {
  const all = host();
  const { box, at, remote, base, shas } = all;
  box.git(at, "checkout", "-q", "--detach", base);
  box.git(at, "merge", "-q", "--squash", "feat");
  box.git(at, "commit", "-q", "-m", "Feature");
  const squash = box.git(at, "rev-parse", "HEAD");
  box.git(at, "checkout", "-q", "main");
  const message = "Merge branch 'feat' into 'main'\n\nFeature\n\nSee merge request group/project!7";
  box.git(at, "merge", "-q", "--no-ff", "-m", message, squash);
  box.git(at, "push", "-q", "origin", "main");
  const merge = box.git(at, "rev-parse", "HEAD");
  box.git(remote, "update-ref", "refs/merge-requests/7/head", shas[2] as string);
  const env = { GITLAB_CI: "true", CI: "true", CI_COMMIT_SHA: merge, CI_COMMIT_BEFORE_SHA: base, CI_COMMIT_MESSAGE: message };
  expect(box.boba(["ci", "carry", "--push"], { cwd: at, env }).stdout).toContain("carried 3 cells ($4.50) to 2 commits");
  expect([squash, merge].map((sha) => ids(box, remote, sha))).toEqual([
    ["1", "2", "3"],
    ["1", "2", "3"],
  ]);
});

test("without a pull request it says what to type; a clone with an id of its own writes to its own ref", () => {
  const all = host();
  const { box, at } = all;
  expect(box.boba(["ci", "carry"], { cwd: at, expect: 2 }).stderr).toContain("[BOBA-CI-4]");
  const merge = land(all, "squash");
  box.git(at, "config", "boba.clone", "0a1b2c3d");
  box.boba(args(merge, all, "--push"), { cwd: at });
  expect(ids(box, all.remote, merge, "refs/notes/boba/0a1b2c3d")).toEqual(["1", "2", "3"]);
  expect(box.git(at, "for-each-ref", CI_REF)).toBe("");
});

test("four pipelines carry four merges at once: each note arrives, whoever was first", async () => {
  const all = host();
  const { box, at, remote } = all;
  const landed = [0, 1, 2, 3].map((n) => {
    box.git(at, "checkout", "-q", "-b", `work-${n}`, all.base);
    const head = commit(box, at, `w${n}`);
    addNote(box, at, "aaaaaaa9", head, line(`${n + 10}`));
    box.git(at, "checkout", "-q", "main");
    box.git(at, "merge", "-q", "--squash", `work-${n}`);
    box.git(at, "commit", "-q", "-m", `Work ${n}`);
    return { head, merge: box.git(at, "rev-parse", "HEAD") };
  });
  box.git(at, "push", "-q", "origin", "--all");
  box.git(at, "push", "-q", "origin", "refs/notes/boba/aaaaaaa9");
  const codes = landed.map(({ head, merge }, n) => {
    const work = join(box.dir, `pipeline-${n}`);
    box.git(box.dir, "clone", "-q", "--depth=1", `file://${remote}`, work);
    const words = ["ci", "carry", "--merge", merge, "--pr-head", head, "--pr-base", all.base, "--push"];
    return new Promise<number | null>((resolve) => {
      spawn(process.execPath, [BOBA, ...words], { cwd: work, env: { ...box.env, CI: "true" }, stdio: "ignore" }).on("close", resolve);
    });
  });
  expect(await Promise.all(codes)).toEqual([0, 0, 0, 0]);
  expect(landed.map(({ merge }) => ids(box, remote, merge))).toEqual([["10"], ["11"], ["12"], ["13"]]);
});
