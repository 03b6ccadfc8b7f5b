/** What the fuzzer found in rebases from which a commit was skipped that others were to be united with. */
import { describe, expect, it } from "vitest";
import { claimedBy } from "../helpers/books.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { commit, head, repoWith, talk, talkAndCommit, todo } from "../helpers/work.ts";

describe.each([true, false])("a fixup of a commit that was skipped goes to the commit before (hooks: %s)", (hooks) => {
  it.each(["pick", "reword"])("which was made by a %s", (verb) => {
    const box = sandbox();
    const repo = repoWith(box, hooks);
    talkAndCommit(box, repo, 10, "a");
    talkAndCommit(box, repo, 11, "b");
    talk(box, repo, 12);
    const skipped = commit(box, repo, "a", "again\n");
    const fixup = talkAndCommit(box, repo, 13, "c");
    box.boba(["audit"]);
    // The commit that changes `a` again conflicts where the one that made it is dropped.
    const script = `1s/pick/drop/;2s/pick/${verb}/;4s/pick/fixup/`;
    const env = { ...todo(script), GIT_EDITOR: "sed -i '1s/$/ ~/'" };
    box.tryGit(repo, ["rebase", "-q", "-i", "HEAD~4"], { env, expect: 1 });
    box.tryGit(repo, ["rebase", "--skip"], { env, expect: 0 });
    expect(box.git(repo, "log", "-1", "--format=", "--name-only")).toBe("b\nc");
    box.boba(["audit"]);
    expect(claimedBy(box, head(box, repo))).toEqual([11, 13]);
    expect(claimedBy(box, skipped)).toEqual([12]);
    expect(claimedBy(box, fixup)).toEqual([13]);
    // What told it is gone: what was decided stands.
    const made = head(box, repo);
    for (const args of [
      ["reflog", "expire", "--expire=now", "--all"],
      ["gc", "-q", "--prune=now"],
    ])
      box.git(repo, ...args);
    expect(box.tryGit(repo, ["cat-file", "-e", skipped]).status).not.toBe(0);
    commit(box, repo, "later");
    box.boba(["audit"]);
    expect(claimedBy(box, made)).toEqual([11, 13]);
  });

  it("which was there before the rebase", () => {
    const box = sandbox();
    const repo = repoWith(box, hooks);
    talkAndCommit(box, repo, 10, "b");
    talkAndCommit(box, repo, 11, "a");
    talk(box, repo, 12);
    const skipped = commit(box, repo, "a", "again\n");
    talkAndCommit(box, repo, 13, "c");
    box.boba(["audit"]);
    const env = { ...todo("1s/pick/drop/;3s/pick/fixup/"), GIT_EDITOR: "true" };
    box.tryGit(repo, ["rebase", "-q", "-i", "HEAD~3"], { env, expect: 1 });
    box.tryGit(repo, ["rebase", "--skip"], { env, expect: 0 });
    expect(box.git(repo, "log", "-1", "--format=", "--name-only")).toBe("b\nc");
    box.boba(["audit"]);
    expect(claimedBy(box, head(box, repo))).toEqual([10, 13]);
    expect(claimedBy(box, skipped)).toEqual([12]);
  });
});
