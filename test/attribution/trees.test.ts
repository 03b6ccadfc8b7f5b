/** The index and the working tree: work that is put aside, taken back, thrown away or carried over before it is committed. */
import { chmodSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { abandoned, branchOf, claimedBy, homeOf, pending } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, head, repoWith, talk, talkAndCommit } from "../helpers/work.ts";

const balanced = (box: Sandbox) => expect(box.json(["audit"])).toMatchObject({ balanced: true, faults: [] });

describe.each([true, false])("with hooks installed: %s", (hooks) => {
  /** main, where 10 was committed in `a`, and a branch `feat` with a commit that costs 11; HEAD is on main. */
  const start = (box: Sandbox) => {
    const repo = repoWith(box, hooks);
    talkAndCommit(box, repo, 10, "a");
    box.git(repo, "checkout", "-q", "-b", "feat");
    talkAndCommit(box, repo, 11, "f");
    box.git(repo, "checkout", "-q", "main");
    return repo;
  };
  const edit = (box: Sandbox, repo: string, output: number, file: string) => {
    box.write(repo, file, `edited by ${output}\n`);
    talk(box, repo, output, { edits: [`${repo}/${file}`], session: `s${output}` });
  };
  const commitAll = (box: Sandbox, repo: string, message: string) => {
    box.git(repo, "add", "-A");
    box.git(repo, "commit", "-q", "-m", message);
    return head(box, repo);
  };

  it("reset --keep drops the commit and keeps what is in hand", () => {
    const box = sandbox();
    const repo = start(box);
    talkAndCommit(box, repo, 31, "k");
    edit(box, repo, 32, "a");
    box.git(repo, "reset", "-q", "--keep", "HEAD~1");
    const made = commitAll(box, repo, "what was in hand");
    balanced(box);
    expect(claimedBy(box, made)).toEqual([32]);
    expect(abandoned(box)).toEqual([31]);
  });

  it("reset of a path leaves it to the next commit", () => {
    const box = sandbox();
    const repo = start(box);
    edit(box, repo, 31, "x");
    edit(box, repo, 32, "y");
    box.git(repo, "add", "-A");
    box.git(repo, "reset", "-q", "--", "x");
    box.git(repo, "commit", "-q", "-m", "y alone");
    const first = head(box, repo);
    const second = commitAll(box, repo, "then x");
    balanced(box);
    expect([first, second].map((sha) => claimedBy(box, sha))).toEqual([[32], [31]]);
  });

  it("amend of a part: the amended commit takes what was staged, the next one the rest", () => {
    const box = sandbox();
    const repo = start(box);
    edit(box, repo, 31, "x");
    edit(box, repo, 32, "y");
    box.git(repo, "add", "x");
    box.git(repo, "commit", "-q", "--amend", "--no-edit");
    const amended = head(box, repo);
    const next = commitAll(box, repo, "y");
    balanced(box);
    expect([amended, next].map((sha) => homeOf(box, sha))).toEqual([[10, 31], [32]]);
  });

  it("checkout -f throws an edit away: what it cost stays with the branch and is in no commit", () => {
    const box = sandbox();
    const repo = start(box);
    edit(box, repo, 31, "a");
    box.git(repo, "checkout", "-q", "-f", "feat");
    edit(box, repo, 32, "n");
    const made = commitAll(box, repo, "n");
    balanced(box);
    expect(claimedBy(box, made)).toEqual([32]);
    expect(pending(box)).toEqual({ main: [31] });
  });

  it("checkout of a path throws an edit away: no commit of other files takes it", () => {
    const box = sandbox();
    const repo = start(box);
    edit(box, repo, 31, "a");
    box.git(repo, "checkout", "-q", "--", "a");
    const made = talkAndCommit(box, repo, 32, "n");
    balanced(box);
    expect(claimedBy(box, made)).toEqual([32]);
    expect(pending(box)).toEqual({ main: [31] });
  });

  it("checkout --merge carries an edit to the other branch", () => {
    const box = sandbox();
    const repo = start(box);
    edit(box, repo, 31, "a");
    talk(box, repo, 32, { session: "talk" });
    box.git(repo, "checkout", "-q", "--merge", "feat");
    const made = commitAll(box, repo, "a, on feat");
    balanced(box);
    expect(claimedBy(box, made)).toEqual([31]);
    expect(branchOf(box, 31)).toBe("feat");
    expect(pending(box)).toEqual({ main: [32] });
  });

  it("stash apply, and once more elsewhere: the first commit takes it", () => {
    const box = sandbox();
    const repo = start(box);
    edit(box, repo, 31, "s");
    box.git(repo, "stash", "push", "-q", "-u");
    box.git(repo, "checkout", "-q", "feat");
    box.git(repo, "stash", "apply", "-q");
    const first = commitAll(box, repo, "s on feat");
    box.git(repo, "checkout", "-q", "main");
    box.git(repo, "stash", "apply", "-q");
    const second = commitAll(box, repo, "s on main");
    balanced(box);
    expect(claimedBy(box, first)).toEqual([31]);
    expect(claimedBy(box, second)).toEqual([]);
    expect(branchOf(box, 31)).toBe("feat");
  });

  it("stash branch", () => {
    const box = sandbox();
    const repo = start(box);
    edit(box, repo, 31, "a");
    box.git(repo, "stash", "push", "-q");
    const between = commit(box, repo, "n");
    box.git(repo, "stash", "branch", "rescued");
    const made = commitAll(box, repo, "a, rescued");
    balanced(box);
    expect(claimedBy(box, between)).toEqual([]);
    expect(claimedBy(box, made)).toEqual([31]);
    expect(branchOf(box, 31)).toBe("rescued");
  });

  it("a hook that rewrites messages, and commits that pass it by", () => {
    const box = sandbox();
    const repo = start(box);
    const folder = box.git(repo, "rev-parse", "--path-format=absolute", "--git-path", "hooks");
    for (const [name, script] of [
      ["prepare-commit-msg", 'case $2 in message) printf "\\nTicket: 7\\n" >>"$1" ;; esac'],
      ["commit-msg", 'sed -i "1s/^\\(PROJ-7 \\)*/PROJ-7 /" "$1"'],
    ] as const) {
      box.write(folder, name, `#!/bin/sh\n${script}\n`);
      chmodSync(`${folder}/${name}`, 0o755);
    }
    const first = talkAndCommit(box, repo, 31, "x");
    talk(box, repo, 32);
    const second = commit(box, repo, "y", "y\n", "--no-verify");
    expect(box.git(repo, "log", "-2", "--format=%s")).toBe("y\nPROJ-7 x");
    balanced(box);
    expect([first, second].map((sha) => claimedBy(box, sha))).toEqual([[31], [32]]);
    talk(box, repo, 33);
    box.git(repo, "commit", "-q", "--amend", "--no-edit");
    box.git(repo, "rebase", "-q", "feat");
    balanced(box);
    expect(box.git(repo, "log", "-2", "--format=%s")).toBe("PROJ-7 y\nPROJ-7 x");
    expect([1, 0].map((back) => homeOf(box, box.git(repo, "rev-parse", `HEAD~${back}`)))).toEqual([[31], [32, 33]]);
    expect(abandoned(box)).toEqual([]);
  });
});
