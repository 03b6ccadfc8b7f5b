/** filter-repo, fed through what it leaves behind: all refs moved, reflogs and old objects gone, and a map of what became what. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { abandoned, claimedBy, homeOf, pending } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, repoWith, talk, talkAndCommit } from "../helpers/work.ts";

const ZEROS = "0".repeat(40);

/**
 * `git filter-repo --invert-paths --path secret --message-callback ...`: no commit has `secret` any more, all subjects change, commits
 * that become empty go. `replace`: also the refs that let old names be used, as older versions make them.
 */
function filterRepo(box: Sandbox, at: string, replace: boolean): Map<string, string> {
  const map = new Map<string, string>();
  const env = { GIT_INDEX_FILE: `${box.dir}/index` };
  for (const line of box.git(at, "rev-list", "--reverse", "--topo-order", "--parents", "--branches").split("\n")) {
    const [sha = "", ...parents] = line.split(" ");
    box.tryGit(at, ["read-tree", sha], { env, expect: 0 });
    box.tryGit(at, ["update-index", "--force-remove", "secret"], { env, expect: 0 });
    const tree = box.tryGit(at, ["write-tree"], { env, expect: 0 }).stdout.trim();
    const upon = parents.map((parent) => map.get(parent) as string);
    if (upon.length === 1 && box.git(at, "rev-parse", `${upon[0]}^{tree}`) === tree) {
      map.set(sha, upon[0] as string);
      continue;
    }
    const [date = "", made = "", subject = ""] = box.git(at, "show", "-s", "--format=%aI%n%cI%n%s", sha).split("\n");
    const args = ["commit-tree", "-m", `filtered: ${subject}`, ...upon.flatMap((parent) => ["-p", parent]), tree];
    map.set(sha, box.tryGit(at, args, { env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: made }, expect: 0 }).stdout.trim());
  }
  for (const branch of box.git(at, "for-each-ref", "--format=%(refname)", "refs/heads").split("\n")) {
    box.git(at, "update-ref", branch, map.get(box.git(at, "rev-parse", branch)) as string);
  }
  const kept = [...map].filter(([, sha], at_) => [...map.values()].indexOf(sha) === at_);
  const lines = [...map.keys()].map((old) => `${old} ${kept.find(([from]) => from === old)?.[1] ?? ZEROS}\n`);
  box.write(at, ".git/filter-repo/commit-map", `${"old".padEnd(40)} new\n${lines.join("")}`);
  if (replace) for (const [old, sha] of kept) box.git(at, "update-ref", `refs/replace/${old}`, sha);
  box.git(at, "reset", "-q", "--hard");
  box.git(at, "reflog", "expire", "--expire=now", "--all");
  box.git(at, "gc", "-q", "--prune=now");
  return new Map(kept);
}

it.each([
  [true, false],
  [false, true],
])("filter-repo: what is left of a commit holds what it cost (hooks: %s, replace refs: %s)", (hooks, replace) => {
  const box = sandbox();
  const repo = repoWith(box, hooks);
  commit(box, repo, "base");
  box.git(repo, "checkout", "-q", "-b", "feat");
  const a = talkAndCommit(box, repo, 11, "a");
  box.write(repo, "secret", "1\n");
  box.git(repo, "add", "secret");
  const b = talkAndCommit(box, repo, 12, "b");
  const c = talkAndCommit(box, repo, 13, "secret");
  box.write(repo, "secret", "2\n");
  box.git(repo, "add", "secret");
  const d = talkAndCommit(box, repo, 14, "d");
  talk(box, repo, 21);
  box.boba(["audit"]);
  expect([a, b, c, d].map((sha) => homeOf(box, sha))).toEqual([[11], [12], [13], [14]]);

  const map = filterRepo(box, repo, replace);
  expect(readFileSync(`${repo}/.git/logs/HEAD`, "utf8")).toBe("");
  expect(box.json(["audit"])).toMatchObject({ balanced: true, faults: [] });
  expect(map.has(c)).toBe(false);
  expect([a, b, d].map((sha) => homeOf(box, map.get(sha) as string))).toEqual([[11], [12], [14]]);
  expect(box.git(repo, "log", "-3", "--reverse", "--format=%H", "feat").split("\n")).toEqual([a, b, d].map((sha) => map.get(sha)));
  // What it dropped is moved nowhere.
  expect(homeOf(box, c)).toEqual([13]);
  expect(abandoned(box)).toEqual([13]);
  expect(pending(box)).toEqual({ feat: [21] });

  const next = commit(box, repo, "e");
  expect(box.json(["audit"])).toMatchObject({ balanced: true, faults: [] });
  expect(claimedBy(box, next)).toEqual([21]);
});
