/** Cherry-picks, squash merges, resets, stashes, mails and filters: where every response went. With hooks, and by the sweep alone. */
import { describe, expect, it } from "vitest";
import { abandoned, branchOf, claimedBy, homeOf, pending } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, head, repoWith, talk, talkAndCommit } from "../helpers/work.ts";

const balanced = (box: Sandbox) => expect(box.json(["audit"])).toMatchObject({ balanced: true, faults: [] });

describe.each([true, false])("with hooks installed: %s", (hooks) => {
  /** main with a commit of its own, and `feat` with two that cost 11 and 12; HEAD is on main. */
  const start = (box: Sandbox) => {
    const repo = repoWith(box, hooks);
    box.git(repo, "checkout", "-q", "-b", "feat");
    const a = talkAndCommit(box, repo, 11, "a");
    const b = talkAndCommit(box, repo, 12, "b");
    box.git(repo, "checkout", "-q", "main");
    commit(box, repo, "m");
    return { repo, a, b };
  };

  it("cherry-pick of one and of many carries, and claims nothing pending", () => {
    const box = sandbox();
    const { repo, a } = start(box);
    talk(box, repo, 21);
    box.git(repo, "cherry-pick", "main..feat");
    balanced(box);
    expect(claimedBy(box, head(box, repo))).toEqual([12]);
    expect(claimedBy(box, box.git(repo, "rev-parse", "HEAD~1"))).toEqual([11]);
    expect(claimedBy(box, a)).toEqual([11]);
    expect(branchOf(box, 11)).toBe("feat");
    expect(pending(box)).toEqual({ main: [21] });
  });

  it("cherry-pick with a conflict, continued", () => {
    const box = sandbox();
    const { repo } = start(box);
    const theirs = commit(box, repo, "b", "theirs\n");
    box.tryGit(repo, ["cherry-pick", "-x", "feat"], { expect: 1 });
    box.write(repo, "b", "both\n");
    box.git(repo, "add", "b");
    box.git(repo, "-c", "core.editor=true", "cherry-pick", "--continue");
    balanced(box);
    expect(claimedBy(box, head(box, repo))).toEqual([12]);
    expect(claimedBy(box, theirs)).toEqual([]);
  });

  it("cherry-pick skipped and aborted leave nothing", () => {
    const box = sandbox();
    const { repo } = start(box);
    const theirs = commit(box, repo, "b", "theirs\n");
    box.tryGit(repo, ["cherry-pick", "feat"], { expect: 1 });
    box.git(repo, "cherry-pick", "--abort");
    box.tryGit(repo, ["cherry-pick", "main..feat"], { expect: 1 });
    box.git(repo, "cherry-pick", "--skip");
    balanced(box);
    expect(head(box, repo)).not.toBe(theirs);
    expect(claimedBy(box, head(box, repo))).toEqual([11]);
    expect(claimedBy(box, theirs)).toEqual([]);
  });

  it("merge --squash: the one commit stands for all", () => {
    const box = sandbox();
    const { repo } = start(box);
    talk(box, repo, 21);
    box.git(repo, "merge", "-q", "--squash", "feat");
    box.git(repo, "commit", "-q", ...(hooks ? ["-m", "feat in one"] : ["--no-edit"]));
    balanced(box);
    expect(claimedBy(box, head(box, repo))).toEqual([11, 12]);
    expect(homeOf(box, head(box, repo))).toEqual([11, 12]);
    expect(branchOf(box, 11)).toBe("feat");
    expect(pending(box)).toEqual({ main: [21] });
  });

  it("reset --soft, --mixed and --hard, then committed again", () => {
    const box = sandbox();
    const { repo } = start(box);
    for (const [output, mode] of [
      [31, "--soft"],
      [32, "--mixed"],
    ] as const) {
      talkAndCommit(box, repo, output, `f${output}`);
      box.git(repo, "reset", "-q", mode, "HEAD~1");
      box.git(repo, "add", "-A");
      box.git(repo, "commit", "-q", "-m", `again ${output}`);
      balanced(box);
      expect(homeOf(box, head(box, repo))).toEqual([output]);
    }
    const lost = talkAndCommit(box, repo, 33, "f33");
    box.git(repo, "reset", "-q", "--hard", "HEAD~1");
    const unrelated = commit(box, repo, "f33", "something else\n");
    balanced(box);
    expect(claimedBy(box, unrelated)).toEqual([]);
    expect(homeOf(box, lost)).toEqual([33]);
    expect(abandoned(box)).toEqual([33]);
  });

  it("squash by soft reset, and a split whose parts both claim", () => {
    const box = sandbox();
    const { repo } = start(box);
    box.git(repo, "checkout", "-q", "feat");
    box.git(repo, "reset", "-q", "--soft", "HEAD~2");
    box.git(repo, "commit", "-q", "-m", "both");
    balanced(box);
    expect(homeOf(box, head(box, repo))).toEqual([11, 12]);
    box.git(repo, "reset", "-q", "--mixed", "HEAD~1");
    for (const name of ["a", "b"]) {
      box.git(repo, "add", name);
      box.git(repo, "commit", "-q", "-m", name);
    }
    balanced(box);
    expect(claimedBy(box, head(box, repo))).toEqual([11, 12]);
    expect(claimedBy(box, box.git(repo, "rev-parse", "HEAD~1"))).toEqual([11, 12]);
    expect(abandoned(box)).toEqual([]);
  });

  it("a stash carries edited files to another branch", () => {
    const box = sandbox();
    const { repo } = start(box);
    talk(box, repo, 21, { edits: [`${repo}/s`] });
    box.write(repo, "s", "stashed\n");
    box.git(repo, "stash", "push", "-q", "-u");
    talk(box, repo, 22);
    box.git(repo, "checkout", "-q", "feat");
    box.git(repo, "stash", "pop", "-q");
    const made = commit(box, repo, "s", "stashed\n");
    balanced(box);
    expect(claimedBy(box, made)).toEqual([21]);
    expect(branchOf(box, 21)).toBe("feat");
    expect(pending(box)).toEqual({ main: [22] });
  });

  it("mailed patches, applied with am", () => {
    const box = sandbox();
    const { repo } = start(box);
    box.git(repo, "format-patch", "-q", "-o", `${box.dir}/mail`, "main..feat");
    talk(box, repo, 21);
    box.git(repo, "am", "-q", "-3", `${box.dir}/mail/0001-a.patch`, `${box.dir}/mail/0002-b.patch`);
    balanced(box);
    expect(claimedBy(box, head(box, repo))).toEqual([12]);
    expect(claimedBy(box, box.git(repo, "rev-parse", "HEAD~1"))).toEqual([11]);
    expect(pending(box)).toEqual({ main: [21] });
  });

  it("filter-branch", () => {
    const box = sandbox();
    const { repo } = start(box);
    box.git(repo, "checkout", "-q", "feat");
    box.tryGit(repo, ["filter-branch", "-f", "--msg-filter", "sed s/^/x-/", "main..feat"], {
      expect: 0,
      env: { FILTER_BRANCH_SQUELCH_WARNING: "1" },
    });
    box.git(repo, "update-ref", "-d", "refs/original/refs/heads/feat");
    balanced(box);
    expect(homeOf(box, head(box, repo))).toEqual([12]);
    expect(homeOf(box, box.git(repo, "rev-parse", "HEAD~1"))).toEqual([11]);
  });

  it("commit-tree and update-ref make a commit like any other", () => {
    const box = sandbox();
    const { repo } = start(box);
    talk(box, repo, 21);
    const made = box.git(repo, "commit-tree", "-p", "HEAD", "-m", "by hand", "HEAD^{tree}");
    box.git(repo, "update-ref", "HEAD", made);
    balanced(box);
    expect(claimedBy(box, made)).toEqual([21]);
  });

  it("an orphan branch takes what was said on it, not what waits on main", () => {
    const box = sandbox();
    const { repo } = start(box);
    talk(box, repo, 21);
    box.git(repo, "switch", "-q", "--orphan", "fresh");
    talk(box, repo, 22);
    const made = commit(box, repo, "o");
    balanced(box);
    expect(claimedBy(box, made)).toEqual([22]);
    expect(pending(box)).toEqual({ main: [21] });
  });

  it("the branch of a deleted or renamed branch stays, or follows", () => {
    const box = sandbox();
    const { repo, a, b } = start(box);
    box.boba(["audit"]);
    box.git(repo, "branch", "-m", "feat", "feature");
    balanced(box);
    expect(branchOf(box, 11)).toBe("feature");
    box.git(repo, "branch", "-q", "-D", "feature");
    balanced(box);
    expect(branchOf(box, 11)).toBe("feature");
    expect(abandoned(box)).toEqual([11, 12]);
    box.git(repo, "branch", "back", b);
    balanced(box);
    expect(abandoned(box)).toEqual([]);
    expect(homeOf(box, a)).toEqual([11]);
  });
});
