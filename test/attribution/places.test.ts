/** Unusual repositories: submodules, nested worktrees, odd names, repositories moved or gone, reflogs pruned, damaged or missing. */
import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { abandoned, branchOf, claimedBy, homeOf, pending } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, head, talk, talkAndCommit } from "../helpers/work.ts";

const balanced = (box: Sandbox) => expect(box.json(["audit"])).toMatchObject({ balanced: true, faults: [] });

it("a submodule has its own books", () => {
  const box = sandbox();
  box.repo("library");
  const repo = box.repo();
  box.git(repo, "submodule", "--quiet", "add", `${box.dir}/library`, "lib");
  box.git(repo, "commit", "-q", "-m", "add lib");
  const inside = talkAndCommit(box, `${repo}/lib`, 11, "x");
  talk(box, repo, 12);
  box.git(repo, "commit", "-q", "-a", "-m", "bump");
  balanced(box);
  expect(claimedBy(box, inside)).toEqual([11]);
  expect(claimedBy(box, head(box, repo))).toEqual([12]);
  const repos = box.json(["report", "--by", "repo"]).rows.map((row: { requests: number }) => row.requests);
  expect(repos).toEqual([1, 1]);
});

it("a worktree nested in another, and one that is removed later", () => {
  const box = sandbox();
  const repo = box.repo();
  const nested = `${repo}/.trees/side`;
  box.git(repo, "worktree", "add", "-q", "-b", "side", nested);
  const side = talkAndCommit(box, nested, 11, "s");
  talk(box, nested, 12);
  balanced(box);
  box.git(repo, "worktree", "remove", "--force", nested);
  talk(box, repo, 13);
  balanced(box);
  expect(claimedBy(box, side)).toEqual([11]);
  expect(pending(box)).toEqual({ side: [12], main: [13] });
});

it("names with spaces, quotes, and other alphabets", () => {
  const box = sandbox();
  const repo = box.repo('it\'s a "répo" 費用');
  const branch = 'feat/it\'s-"größe"-費用';
  box.git(repo, "checkout", "-q", "-b", branch);
  const file = 'a "b" ü\t.txt';
  talk(box, repo, 11, { edits: [`${repo}/${file}`] });
  const made = commit(box, repo, file);
  balanced(box);
  expect(claimedBy(box, made)).toEqual([11]);
  expect(branchOf(box, 11)).toBe(branch);
  expect(box.json(["report", "--by", "branch"]).rows[0]).toMatchObject({ branch, requests: 1 });
});

it("a repository that was moved, and one that is gone, keep what was booked", () => {
  const box = sandbox();
  const repo = box.repo("old");
  const made = talkAndCommit(box, repo, 11, "a");
  const other = box.repo("doomed");
  talkAndCommit(box, other, 12, "b");
  balanced(box);
  renameSync(repo, `${box.dir}/new`);
  rmSync(other, { recursive: true });
  talkAndCommit(box, `${box.dir}/new`, 13, "c");
  balanced(box);
  expect(homeOf(box, made)).toEqual([11]);
  expect(homeOf(box, head(box, `${box.dir}/new`))).toEqual([13]);
  expect(box.json(["audit"]).buckets.committed.requests).toBe(3);
});

it("a reflog that was pruned, damaged or emptied repeats nothing and loses nothing", () => {
  const box = sandbox();
  const repo = box.repo();
  const first = talkAndCommit(box, repo, 11, "a");
  balanced(box);
  const log = `${repo}/.git/logs/HEAD`;
  writeFileSync(log, `rubbish\n${readFileSync(log, "utf8").split("\n").slice(1).join("\n")}`);
  const second = talkAndCommit(box, repo, 12, "b");
  balanced(box);
  writeFileSync(log, "");
  const third = talkAndCommit(box, repo, 13, "c");
  balanced(box);
  expect([first, second, third].map((sha) => claimedBy(box, sha))).toEqual([[11], [12], [13]]);
  box.git(repo, "reflog", "expire", "--expire=now", "--all");
  rmSync(log, { force: true });
  balanced(box);
  expect([first, second, third].map((sha) => homeOf(box, sha))).toEqual([[11], [12], [13]]);
});

it("a folder outside any repository, and one that is gone, stay outside", () => {
  const box = sandbox();
  box.write(box.dir, "plain/x", "");
  talk(box, `${box.dir}/plain`, 11);
  balanced(box);
  expect(box.json(["audit"]).buckets.outside.requests).toBe(1);
  expect(box.json(["report", "--by", "repo"]).rows).toMatchObject([{ bucket: "outside", requests: 1 }]);
});

it("a repository in the reftable format, where git can make one", () => {
  const box = sandbox();
  const made = box.tryGit(box.dir, ["init", "-q", "-b", "main", "--ref-format=reftable", "tables"]);
  // An older git has no such format: then an ordinary repository must do the same.
  const repo = made.status === 0 ? `${box.dir}/tables` : box.repo("tables");
  talk(box, repo, 11, { branch: "main" });
  const first = commit(box, repo, "a");
  box.git(repo, "checkout", "-q", "-b", "feat");
  talk(box, repo, 12, { branch: "feat" });
  const second = commit(box, repo, "b");
  box.git(repo, "commit", "-q", "--amend", "-m", "b2");
  balanced(box);
  balanced(box);
  expect(claimedBy(box, first)).toEqual([11]);
  expect(claimedBy(box, second)).toEqual([12]);
  expect(homeOf(box, head(box, repo))).toEqual([12]);
  expect(branchOf(box, 12)).toBe("feat");
});

it("names with newlines, and with bytes that are no UTF-8, of folders, files and branches", () => {
  const box = sandbox();
  // Git allows no newline in a branch; a folder and a file may have one.
  const repo = box.repo("two\nlines");
  const odd = ["with\nnewline", "caf\ufffd.txt"] as const;
  const sh = (script: string) => execFileSync("sh", ["-c", script], { cwd: repo, env: box.env });
  sh("git checkout -q -b \"$(printf 'gr\\374n')\"");
  talk(box, repo, 11, { edits: [`${repo}/${odd[0]}`], session: "one", branch: "gr\ufffdn" });
  // An agent's log is UTF-8: the byte that is none comes out of it as U+FFFD.
  talk(box, repo, 12, { edits: [`${repo}/${odd[1]}`], session: "two", branch: "gr\ufffdn" });
  box.write(repo, odd[0], "1\n");
  sh("printf 2 >\"$(printf 'caf\\351.txt')\"");
  const commits = ["with*", "caf*"].map((pattern) => {
    box.git(repo, "add", "--", pattern);
    box.git(repo, "commit", "-q", "-m", pattern);
    return head(box, repo);
  });
  balanced(box);
  expect(commits.map((sha) => claimedBy(box, sha))).toEqual([[11], [12]]);
  expect(branchOf(box, 12)).toBe("gr\ufffdn");
  talk(box, repo, 13, { branch: "gr\ufffdn" });
  box.git(repo, "branch", "-m", "plain");
  balanced(box);
  expect(pending(box)).toEqual({ plain: [13] });
  expect(branchOf(box, 11)).toBe("plain");
});

it("a reflog with a line that is none: all others count", () => {
  const box = sandbox();
  const repo = box.repo();
  const first = talkAndCommit(box, repo, 11, "a");
  writeFileSync(`${repo}/.git/logs/HEAD`, "\0\xff not a line\n", { flag: "a", encoding: "latin1" });
  const second = talkAndCommit(box, repo, 12, "b");
  talk(box, repo, 13);
  balanced(box);
  expect([first, second].map((sha) => claimedBy(box, sha))).toEqual([[11], [12]]);
  expect(pending(box)).toEqual({ main: [13] });
});

it("a repository that keeps no reflog: what cannot be told stays pending, until it keeps one", () => {
  const box = sandbox();
  const repo = box.repo();
  box.git(repo, "config", "core.logAllRefUpdates", "false");
  rmSync(`${repo}/.git/logs`, { recursive: true });
  const unseen = talkAndCommit(box, repo, 11, "a");
  balanced(box);
  expect(claimedBy(box, unseen)).toEqual([]);
  expect(pending(box)).toEqual({ main: [11] });
  box.git(repo, "config", "--unset", "core.logAllRefUpdates");
  const seen = talkAndCommit(box, repo, 12, "b");
  balanced(box);
  expect(claimedBy(box, seen)).toEqual([12]);
  expect(pending(box)).toEqual({ main: [11] });
});

it("branch -f moves a branch that nobody is on: what was booked stays with its commits", () => {
  const box = sandbox();
  const repo = box.repo();
  box.git(repo, "checkout", "-q", "-b", "feat");
  const made = [talkAndCommit(box, repo, 11, "a"), talkAndCommit(box, repo, 12, "b")];
  box.git(repo, "checkout", "-q", "main");
  balanced(box);
  box.git(repo, "branch", "-q", "-f", "feat", "feat~1");
  balanced(box);
  expect(made.map((sha) => homeOf(box, sha))).toEqual([[11], [12]]);
  expect(abandoned(box)).toEqual([12]);
  box.git(repo, "branch", "-q", "-f", "feat", made[1] as string);
  balanced(box);
  expect(abandoned(box)).toEqual([]);
});
