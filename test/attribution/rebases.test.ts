/** Every other way to rebase and to pull: each commit keeps its own. With hooks, and by the sweep alone. */
import { describe, expect, it } from "vitest";
import { abandoned, branchOf, claimedBy, homeOf, pending } from "../helpers/books.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { branched, commit, head, repoWith, talk, talkAndCommit, todo } from "../helpers/work.ts";

const balanced = (box: Sandbox) => expect(box.json(["audit"])).toMatchObject({ balanced: true, faults: [] });
const at = (box: Sandbox, repo: string, ...revs: string[]) => revs.map((rev) => box.git(repo, "rev-parse", rev));
const homes = (box: Sandbox, repo: string, ...revs: string[]) => at(box, repo, ...revs).map((sha) => homeOf(box, sha));

describe.each([true, false])("rebase (hooks installed: %s)", (hooks) => {
  it("rebase --root makes every commit again, the first one too", () => {
    const box = sandbox();
    const repo = repoWith(box, hooks);
    box.git(repo, "update-ref", "-d", "HEAD");
    const before = [talkAndCommit(box, repo, 11, "a"), talkAndCommit(box, repo, 12, "b"), talkAndCommit(box, repo, 13, "c")];
    const edit = { ...todo("1s/pick/reword/"), GIT_EDITOR: "sed -i 1s/^/again-/" };
    box.tryGit(repo, ["rebase", "-q", "-i", "--root"], { env: edit, expect: 0 });
    balanced(box);
    expect(box.git(repo, "log", "--format=%s", "--reverse")).toBe("again-a\nb\nc");
    expect(homes(box, repo, "HEAD~2", "HEAD~1", "HEAD")).toEqual([[11], [12], [13]]);
    expect(before.flatMap((sha) => homeOf(box, sha))).toEqual([]);
    expect(abandoned(box)).toEqual([]);
  });

  it("rebase --onto moves a part, the rest stays abandoned", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    box.git(repo, "rebase", "-q", "--onto", "main", "HEAD~2");
    balanced(box);
    expect(homes(box, repo, "HEAD~1", "HEAD")).toEqual([[12], [13]]);
    expect(abandoned(box)).toEqual([11]);
  });

  it("rebase --rebase-merges keeps what each side and the merge itself held", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    box.git(repo, "checkout", "-q", "-b", "side", "feat~1");
    talkAndCommit(box, repo, 14, "s");
    box.git(repo, "checkout", "-q", "feat");
    box.git(repo, "merge", "-q", "--no-ff", "--no-commit", "side");
    talk(box, repo, 15, { edits: [`${repo}/evil`] });
    box.write(repo, "evil", "in the merge alone\n");
    box.git(repo, "add", "evil");
    box.git(repo, "commit", "-q", "--no-edit");
    box.boba(["audit"]);
    expect(claimedBy(box, head(box, repo))).toEqual([15]);
    box.git(repo, "rebase", "-q", "--rebase-merges", "main");
    balanced(box);
    expect(box.git(repo, "rev-parse", "HEAD~3^")).toBe(box.git(repo, "rev-parse", "main"));
    expect(homes(box, repo, "HEAD~3", "HEAD~2", "HEAD~1", "HEAD^2")).toEqual([[11], [12], [13], [14]]);
    // Git merges anew and keeps nothing that was only in the merge; its message and author stay, and so does what it cost.
    expect(homes(box, repo, "HEAD")).toEqual([[15]]);
    expect(claimedBy(box, head(box, repo))).toEqual([15]);
  });

  it("rebase --update-refs takes the branches in between along", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    box.git(repo, "branch", "middle", "HEAD~1");
    box.git(repo, "rebase", "-q", "--update-refs", "main");
    balanced(box);
    expect(box.git(repo, "rev-parse", "middle")).toBe(box.git(repo, "rev-parse", "HEAD~1"));
    expect(homes(box, repo, "HEAD~2", "middle", "HEAD")).toEqual([[11], [12], [13]]);
    expect(branchOf(box, 12)).toBe("feat");
    expect(abandoned(box)).toEqual([]);
  });

  it("rebase with rerere, which resolves the conflict the second time", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    for (const name of ["rerere.enabled", "rerere.autoUpdate"]) box.git(repo, "config", name, "true");
    box.git(repo, "checkout", "-q", "main");
    const theirs = commit(box, repo, "b", "theirs\n");
    box.git(repo, "checkout", "-q", "feat");
    const before = head(box, repo);
    box.tryGit(repo, ["rebase", "-q", "main"], { expect: 1 });
    box.write(repo, "b", "both\n");
    box.git(repo, "add", "b");
    box.git(repo, "rebase", "--continue");
    box.git(repo, "reset", "-q", "--hard", before);
    talk(box, repo, 21);
    box.tryGit(repo, ["rebase", "-q", "main"], { expect: 1 });
    expect(box.git(repo, "diff", "--name-only", "--diff-filter=U")).toBe("");
    box.git(repo, "rebase", "--continue");
    balanced(box);
    expect(box.git(repo, "show", "HEAD:b")).toBe("both");
    expect(homes(box, repo, "HEAD~2", "HEAD~1", "HEAD")).toEqual([[11], [12], [13]]);
    expect(claimedBy(box, theirs)).toEqual([]);
    expect(pending(box)).toEqual({ feat: [21] });
  });

  it("rebase --exec, one that commits included", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    talk(box, repo, 21);
    box.git(repo, "rebase", "-q", "--exec", "git commit -q --allow-empty -m checked", "main");
    balanced(box);
    expect(box.git(repo, "log", "--format=%s", "main..")).toBe("checked\nc\nchecked\nb\nchecked\na");
    expect(homes(box, repo, "HEAD~5", "HEAD~3", "HEAD~1")).toEqual([[11], [12], [13]]);
    expect(homes(box, repo, "HEAD~4", "HEAD~2", "HEAD")).toEqual([[], [], []]);
    expect(pending(box)).toEqual({ feat: [21] });
  });

  it("a rebase with nothing to do, and one that only moves forward", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    box.git(repo, "rebase", "-q", "main");
    talk(box, repo, 21);
    const before = head(box, repo);
    box.git(repo, "rebase", "-q", "main");
    expect(head(box, repo)).toBe(before);
    box.git(repo, "checkout", "-q", "main");
    talk(box, repo, 22);
    box.git(repo, "rebase", "-q", "feat");
    expect(head(box, repo)).toBe(before);
    balanced(box);
    expect(homes(box, repo, "HEAD~2", "HEAD~1", "HEAD")).toEqual([[11], [12], [13]]);
    expect(pending(box)).toEqual({ feat: [21], main: [22] });
    const made = commit(box, repo, "n");
    balanced(box);
    expect(claimedBy(box, made)).toEqual([22]);
  });

  it("rebase --autostash keeps the work in hand for the commit to come", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    talk(box, repo, 21, { edits: [`${repo}/c`] });
    box.write(repo, "c", "c, edited\n");
    box.git(repo, "rebase", "-q", "--autostash", "main");
    balanced(box);
    expect(homes(box, repo, "HEAD~2", "HEAD~1", "HEAD")).toEqual([[11], [12], [13]]);
    expect(pending(box)).toEqual({ feat: [21] });
    const made = commit(box, repo, "c", "c, edited\n");
    balanced(box);
    expect(claimedBy(box, made)).toEqual([21]);
  });

  it("rebase -i edit, split in two: both parts claim", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    box.git(repo, "checkout", "-q", "-b", "wide", "feat");
    talk(box, repo, 14);
    for (const file of ["p", "q"]) box.write(repo, file, `${file}\n`);
    box.git(repo, "add", "-A");
    box.git(repo, "commit", "-q", "-m", "both");
    talkAndCommit(box, repo, 15, "d");
    box.tryGit(repo, ["rebase", "-q", "-i", "main"], { env: todo("4s/pick/edit/"), expect: 0 });
    box.git(repo, "reset", "-q", "HEAD~1");
    for (const file of ["p", "q"]) commit(box, repo, file);
    box.git(repo, "rebase", "--continue");
    balanced(box);
    expect(at(box, repo, "HEAD~2", "HEAD~1", "HEAD").map((sha) => claimedBy(box, sha))).toEqual([[14], [14], [15]]);
    expect(homes(box, repo, "HEAD~5", "HEAD~4", "HEAD~3")).toEqual([[11], [12], [13]]);
    expect(pending(box)).toEqual({});
  });

  it("commit --fixup and rebase --autosquash", () => {
    const box = sandbox();
    const repo = branched(box, hooks);
    talk(box, repo, 21, { edits: [`${repo}/a`] });
    box.write(repo, "a", "a, mended\n");
    box.git(repo, "commit", "-q", "-a", "--fixup", "HEAD~2");
    box.git(repo, "rebase", "-q", "-i", "--autosquash", "main");
    balanced(box);
    expect(box.git(repo, "log", "--format=%s", "main..")).toBe("c\nb\na");
    expect(homes(box, repo, "HEAD~2", "HEAD~1", "HEAD")).toEqual([[11, 21], [12], [13]]);
    expect(abandoned(box)).toEqual([]);
  });
});

describe.each([true, false])("pull (hooks installed: %s)", (hooks) => {
  /** A clone of hub.git, and a colleague's. */
  const shared = (box: Sandbox) => {
    const start = box.repo("start");
    box.git(box.dir, "clone", "-q", "--bare", start, "hub.git");
    const [repo, colleague] = ["repo", "colleague"].map((name) => {
      box.git(box.dir, "clone", "-q", "hub.git", name);
      return `${box.dir}/${name}`;
    }) as [string, string];
    box.git(colleague, "config", "user.email", "bob@example.com");
    if (hooks) box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo });
    return { repo, colleague };
  };

  it("pull that only moves forward leaves what is pending to the next commit", () => {
    const box = sandbox();
    const { repo, colleague } = shared(box);
    const theirs = commit(box, colleague, "t");
    box.git(colleague, "push", "-q");
    talk(box, repo, 11);
    box.git(repo, "pull", "-q", "--ff-only");
    balanced(box);
    expect(pending(box)).toEqual({ main: [11] });
    const mine = talkAndCommit(box, repo, 12, "a");
    balanced(box);
    expect(claimedBy(box, theirs)).toEqual([]);
    expect(claimedBy(box, mine)).toEqual([11, 12]);
  });

  it("pull that merges, and one that rebases because the configuration says so", () => {
    const box = sandbox();
    const { repo, colleague } = shared(box);
    const mine = talkAndCommit(box, repo, 11, "a");
    const theirs = [commit(box, colleague, "t")];
    box.git(colleague, "push", "-q");
    talk(box, repo, 12);
    box.git(repo, "pull", "-q", "--no-rebase", "--no-edit");
    balanced(box);
    expect(claimedBy(box, head(box, repo))).toEqual([]);
    expect(homeOf(box, mine)).toEqual([11]);
    box.git(repo, "push", "-q");
    box.git(colleague, "pull", "-q");
    theirs.push(commit(box, colleague, "u"));
    box.git(colleague, "push", "-q");
    commit(box, repo, "b");
    box.git(repo, "config", "pull.rebase", "true");
    box.git(repo, "pull", "-q");
    balanced(box);
    expect(homes(box, repo, "HEAD")).toEqual([[12]]);
    expect(theirs.flatMap((sha) => claimedBy(box, sha))).toEqual([]);
  });

  it("pull --rebase of an upstream that was pushed by force", () => {
    const box = sandbox();
    const { repo, colleague } = shared(box);
    commit(box, colleague, "t");
    box.git(colleague, "push", "-q");
    box.git(repo, "pull", "-q", "--ff-only");
    talkAndCommit(box, repo, 11, "a");
    box.git(colleague, "commit", "-q", "--amend", "-m", "t, better");
    const theirs = head(box, colleague);
    box.git(colleague, "push", "-q", "--force");
    talk(box, repo, 12);
    box.git(repo, "pull", "-q", "--rebase");
    balanced(box);
    expect(box.git(repo, "rev-parse", "HEAD~1")).toBe(theirs);
    expect(homes(box, repo, "HEAD")).toEqual([[11]]);
    expect(claimedBy(box, theirs)).toEqual([]);
    expect(pending(box)).toEqual({ main: [12] });
  });

  it("a push that was rejected, then pull --rebase and push", () => {
    const box = sandbox();
    const { repo, colleague } = shared(box);
    const theirs = commit(box, colleague, "t");
    box.git(colleague, "push", "-q");
    const before = [talkAndCommit(box, repo, 11, "a"), talkAndCommit(box, repo, 12, "b")];
    box.tryGit(repo, ["push", "-q"], { expect: 1 });
    box.git(repo, "pull", "-q", "--rebase");
    box.git(repo, "push", "-q");
    balanced(box);
    expect(homes(box, repo, "origin/main~1", "origin/main")).toEqual([[11], [12]]);
    expect(claimedBy(box, theirs)).toEqual([]);
    expect(before.flatMap((sha) => homeOf(box, sha))).toEqual([]);
  });
});
