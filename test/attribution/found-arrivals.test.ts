/** What came with a ref may be a version of what is known here; what only a HEAD points to may yet be given up. */
import { expect, it } from "vitest";
import { claimedBy } from "../helpers/books.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { commit, head, talkAndCommit, todo } from "../helpers/work.ts";

it.each(["--abort", "--continue"] as const)(
  "what a rebase makes counts for nothing until it has ended, where its log is not read: then %s",
  (way) => {
    const box = sandbox();
    const repo = box.repo();
    box.git(repo, "checkout", "-q", "-b", "feat");
    const old = talkAndCommit(box, repo, 11, "a");
    box.git(repo, "checkout", "-q", "main");
    commit(box, repo, "m");
    box.boba(["audit"]);
    // No agent ever worked there, so that nobody looks at its reflog; a program in the background may be late just so.
    const other = `${box.dir}/other`;
    box.git(repo, "worktree", "add", "-q", other, "feat");
    box.tryGit(other, ["rebase", "-q", "-i", "main"], { env: todo("1a break"), expect: 0 });
    const made = head(box, other);
    box.boba(["audit"]);
    expect([old, made].map((sha) => claimedBy(box, sha))).toEqual([[11], []]);
    box.git(other, "rebase", way);
    box.boba(["audit"]);
    expect([old, made].map((sha) => claimedBy(box, sha))).toEqual([[11], way === "--abort" ? [] : [11]]);
  },
);
