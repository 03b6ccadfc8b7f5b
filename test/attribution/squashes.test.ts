/** A squash made here that neither a hook nor its message tells of: the change itself is the evidence, and only an equal one. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { abandoned, branchOf, claimedBy, homeOf, pending } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, head, talk, talkAndCommit } from "../helpers/work.ts";

const balanced = (box: Sandbox) => expect(box.json(["audit"])).toMatchObject({ balanced: true, faults: [] });
const TEXT = Array.from({ length: 30 }, (_, n) => `line ${n}\n`);
const edit = (at: number) => TEXT.map((row, n) => (n === at ? `new ${n}\n` : row)).join("");

/** `feat` with two commits that cost 11 and 12, an edit and talk; HEAD is on main, which has moved on. No hooks. */
function start() {
  const box = sandbox();
  const repo = box.repo();
  commit(box, repo, "shared", TEXT.join(""));
  box.git(repo, "checkout", "-q", "-b", "feat");
  talk(box, repo, 11, { edits: [join(repo, "a")] });
  const a = commit(box, repo, "a");
  const b = talkAndCommit(box, repo, 12, "b");
  box.git(repo, "checkout", "-q", "main");
  const m = commit(box, repo, "m");
  return { box, repo, a, b, m };
}

/** Squashes a branch into HEAD under a message of one's own. */
function squash(box: Sandbox, repo: string, branch = "feat"): string {
  box.git(repo, "merge", "-q", "--squash", branch);
  box.git(repo, "commit", "-q", "-m", `all of ${branch}`);
  return head(box, repo);
}

describe.each(["seen for the first time afterwards", "known before"])("%s", (when) => {
  const look = (box: Sandbox) => {
    if (when === "known before") balanced(box);
  };

  it("merge --squash under a message of one's own, without hooks: the one commit stands for all", () => {
    const { box, repo, m } = start();
    look(box);
    talk(box, repo, 21, { session: "talk" });
    const made = squash(box, repo);
    box.git(repo, "branch", "-q", "-D", "feat");
    balanced(box);
    expect(homeOf(box, made)).toEqual([11, 12]);
    expect([11, 12].map((output) => branchOf(box, output))).toEqual(["feat", "feat"]);
    expect(claimedBy(box, m)).toEqual([]);
    expect(abandoned(box)).toEqual([]);
    // What was said on main is not what the squash cost.
    expect(pending(box)).toEqual({ main: [21] });
    const report = box.json(["report", "--by", "commit", "--why"], { cwd: repo });
    expect(report.rows.find(({ key }: { key: string }) => key === made).why).toEqual([
      { via: "squash", evidence: "patch-id", requests: 2 },
    ]);
    const next = commit(box, repo, "n");
    balanced(box);
    expect([next, made].map((sha) => claimedBy(box, sha))).toEqual([[21], [11, 12]]);
  });

  it("of a branch that took main in, and is built upon, in lines around which main moved", () => {
    const { box, repo } = start();
    box.git(repo, "checkout", "-q", "feat");
    box.git(repo, "merge", "-q", "--no-edit", "main");
    talk(box, repo, 13);
    commit(box, repo, "shared", edit(10));
    box.git(repo, "checkout", "-q", "-b", "next");
    talkAndCommit(box, repo, 14, "n");
    box.git(repo, "checkout", "-q", "main");
    commit(box, repo, "shared", edit(13));
    look(box);
    const made = squash(box, repo);
    if (when === "known before") balanced(box);
    box.git(repo, "commit", "-q", "--amend", "-m", "said better");
    balanced(box);
    const tells = box.tryGit(repo, ["merge-tree", "--write-tree", "HEAD~1", "feat"]).status === 0;
    expect([made, head(box, repo)].map((sha) => claimedBy(box, sha))).toEqual(
      tells
        ? [
            [11, 12, 13],
            [11, 12, 13],
          ]
        : [[], []],
    );
    expect(homeOf(box, box.git(repo, "rev-parse", "next"))).toEqual([14]);
  });

  it("squashed, thrown away, squashed again, once more elsewhere, and from another worktree", () => {
    const { box, repo } = start();
    look(box);
    const first = squash(box, repo);
    box.git(repo, "reset", "-q", "--hard", "HEAD~1");
    commit(box, repo, "o");
    look(box);
    const again = squash(box, repo);
    box.git(repo, "checkout", "-q", "-b", "release", "main~3");
    const elsewhere = squash(box, repo);
    const tree = join(box.dir, "tree");
    box.git(repo, "worktree", "add", "-q", "-b", "side", tree, "main");
    talkAndCommit(box, tree, 15, "s");
    box.git(repo, "checkout", "-q", "main");
    commit(box, repo, "p");
    const side = squash(box, repo, "side");
    balanced(box);
    expect([first, again, elsewhere, side].map((sha) => claimedBy(box, sha))).toEqual([[11, 12], [11, 12], [11, 12], [15]]);
  });

  it("nothing for a part of a branch, for one with more in it, and for the same written anew", () => {
    const { box, repo, a, b } = start();
    look(box);
    box.git(repo, "cherry-pick", "-n", a);
    box.git(repo, "commit", "-q", "-m", "a part");
    const part = head(box, repo);
    box.git(repo, "reset", "-q", "--hard", "HEAD~1");
    box.git(repo, "checkout", "-q", "-b", "more");
    box.git(repo, "merge", "-q", "--squash", "feat");
    const more = commit(box, repo, "z");
    box.git(repo, "checkout", "-q", "-b", "anew", "main");
    for (const file of ["a", "b"]) box.write(repo, file, `${file}\n`);
    talk(box, repo, 31, { edits: [join(repo, "a"), join(repo, "b")], session: "other" });
    box.git(repo, "add", "-A");
    box.git(repo, "commit", "-q", "-m", "written here");
    const anew = head(box, repo);
    box.git(repo, "branch", "-q", "-D", "feat");
    balanced(box);
    expect([part, more, anew].map((sha) => claimedBy(box, sha))).toEqual([[], [], [31]]);
    expect([a, b].map((sha) => homeOf(box, sha))).toEqual([[11], [12]]);
    expect(abandoned(box)).toEqual([11, 12]);
  });
});
