/** `git history` and `git replay`: commits are made again without hooks, and without a reflog entry for each. */
import { describe, expect, it } from "vitest";
import { abandoned, claimedBy, homeOf, pending } from "../helpers/books.ts";
import { historyFixup, historyReword, historySplit, replayAdvance, replayOnto, replayRevert } from "../helpers/new-git.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { branched, commit, head, talk, talkAndCommit } from "../helpers/work.ts";

const balanced = (box: Sandbox) => expect(box.json(["audit"])).toMatchObject({ balanced: true, faults: [] });
const homes = (box: Sandbox, repo: string, ...revs: string[]) => revs.map((rev) => homeOf(box, box.git(repo, "rev-parse", rev)));
const subjects = (box: Sandbox, repo: string, ...range: string[]) => box.git(repo, "log", "--reverse", "--format=%s", ...range);

describe.each([true, false])("git history (the ledger knew the commits: %s)", (known) => {
  const start = (box: Sandbox) => {
    const repo = branched(box, known);
    if (known) box.boba(["audit"]);
    return repo;
  };

  it("history reword, twice in a row: every commit keeps its own", () => {
    const box = sandbox();
    const repo = start(box);
    talk(box, repo, 21);
    historyReword(box, repo, "HEAD~1", "b, said better");
    historyReword(box, repo, "HEAD~2", "a, said better");
    balanced(box);
    expect(subjects(box, repo, "main..")).toBe("a, said better\nb, said better\nc");
    expect(homes(box, repo, "HEAD~2", "HEAD~1", "HEAD")).toEqual([[11], [12], [13]]);
    expect(pending(box)).toEqual({ feat: [21] });
    expect(abandoned(box)).toEqual([]);
  });

  it("history reword of a commit without a change", () => {
    const box = sandbox();
    const repo = start(box);
    talk(box, repo, 14);
    box.git(repo, "commit", "-q", "--allow-empty", "-m", "thoughts");
    talkAndCommit(box, repo, 15, "d");
    historyReword(box, repo, "HEAD~1", "second thoughts");
    balanced(box);
    expect(subjects(box, repo, "HEAD~2..")).toBe("second thoughts\nd");
    expect(homes(box, repo, "HEAD~1", "HEAD")).toEqual([[14], [15]]);
  });

  it("history fixup: the commit it mends takes what was staged, as an amend does", () => {
    const box = sandbox();
    const repo = start(box);
    for (const [output, file] of [
      [21, "a"],
      [22, "z"],
    ] as const) {
      box.write(repo, file, `by ${output}\n`);
      talk(box, repo, output, { edits: [`${repo}/${file}`], session: `s${output}` });
    }
    talk(box, repo, 23);
    box.git(repo, "add", "a");
    historyFixup(box, repo, "HEAD~2");
    balanced(box);
    expect(box.git(repo, "show", "HEAD~2:a")).toBe("by 21");
    expect(homes(box, repo, "HEAD~2", "HEAD~1", "HEAD")).toEqual([[11, 21, 23], [12], [13]]);
    expect(pending(box)).toEqual({ feat: [22] });
    const next = commit(box, repo, "z", "by 22\n");
    balanced(box);
    expect(claimedBy(box, next)).toEqual([22]);
  });

  it("history split: both parts claim", () => {
    const box = sandbox();
    const repo = start(box);
    talk(box, repo, 14);
    for (const file of ["p", "q"]) box.write(repo, file, `${file}\n`);
    box.git(repo, "add", "-A");
    box.git(repo, "commit", "-q", "-m", "both");
    talkAndCommit(box, repo, 15, "d");
    historySplit(box, repo, "HEAD~1", "p", ["part one", "part two"]);
    balanced(box);
    expect(subjects(box, repo, "main..")).toBe("a\nb\nc\npart one\npart two\nd");
    expect(["HEAD~2", "HEAD~1", "HEAD"].map((rev) => claimedBy(box, box.git(repo, "rev-parse", rev)))).toEqual([[14], [14], [15]]);
    expect(homes(box, repo, "HEAD~5", "HEAD~4", "HEAD~3")).toEqual([[11], [12], [13]]);
    expect(abandoned(box)).toEqual([]);
  });

  it("replay --onto, of the branch that is checked out and of another", () => {
    const box = sandbox();
    const repo = start(box);
    box.git(repo, "checkout", "-q", "-b", "other", "main~1");
    talkAndCommit(box, repo, 14, "o1");
    talkAndCommit(box, repo, 15, "o2");
    talk(box, repo, 21);
    replayOnto(box, repo, "main", "feat");
    replayOnto(box, repo, "main", "other");
    box.git(repo, "reset", "-q", "--hard");
    balanced(box);
    expect(subjects(box, repo, "main..feat")).toBe("a\nb\nc");
    expect(subjects(box, repo, "main..other")).toBe("o1\no2");
    expect(homes(box, repo, "feat~2", "feat~1", "feat", "other~1", "other")).toEqual([[11], [12], [13], [14], [15]]);
    expect(claimedBy(box, box.git(repo, "rev-parse", "main"))).toEqual([]);
    expect(pending(box)).toEqual({ other: [21] });
    expect(abandoned(box)).toEqual([]);
  });

  it("replay --advance picks, replay --revert holds nothing, and neither takes what is in hand", () => {
    const box = sandbox();
    const repo = start(box);
    box.git(repo, "checkout", "-q", "main");
    talk(box, repo, 21, { session: "talk" });
    talk(box, repo, 22, { edits: [`${repo}/b`, `${repo}/m`], session: "editor" });
    const before = head(box, repo);
    replayAdvance(box, repo, "main", "feat~2", "feat");
    const picked = [head(box, repo), box.git(repo, "rev-parse", "HEAD~1")];
    replayRevert(box, repo, "main", before);
    box.git(repo, "reset", "-q", "--hard");
    balanced(box);
    expect(subjects(box, repo, `${before}..`)).toBe('b\nc\nRevert "m"');
    expect(picked.map((sha) => claimedBy(box, sha))).toEqual([[13], [12]]);
    expect(claimedBy(box, head(box, repo))).toEqual([]);
    expect(pending(box)).toEqual({ main: [21, 22] });
  });
});
