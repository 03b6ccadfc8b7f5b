import { describe, expect, it } from "vitest";
import { addNote, line } from "../helpers/cells.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { talk, talkAndCommit } from "../helpers/work.ts";

const costs = (report: any) => report.rows.map((row: any) => [row.key, row.requests, row.cost_nano_usd]);

/** Bob's commit in Ada's repository; a line of a note is 2 requests and 1.5 $. */
function bobsCommit(box: Sandbox, at: string, subject: string): string {
  box.git(at, "commit", "-q", "--allow-empty", "-m", subject, "--author", "Bob <bob@example.com>");
  return box.git(at, "rev-parse", "HEAD");
}

describe("boba report --shared", () => {
  it("adds colleagues' cells under the author of the commit that they came from, once", () => {
    const box = sandbox();
    const at = box.repo();
    talkAndCommit(box, at, 100_000, "mine");
    const older = bobsCommit(box, at, "older");
    const newer = bobsCommit(box, at, "newer");
    addNote(box, at, "b0b00001", older, line("1", { branch: "feat/bob" }));
    addNote(box, at, "b0b00001", newer, `${line("1", { branch: "feat/bob" })}\n${line("2", { model: "model-b" })}`);
    // The same cell from another of Bob's clones, which knows more of it.
    addNote(box, at, "b0b00002", newer, line("2", { model: "model-b", requests: 3, nano_usd: 2_000_000_000 }));
    talk(box, at, 200_000);

    expect(costs(box.json(["report", "--by", "author"], { cwd: at }))).toEqual([
      ["Ada <ada@example.com>", 1, "1500000000"],
      ["pending", 1, "3000000000"],
    ]);
    const report = box.json(["report", "--by", "author", "--shared"], { cwd: at });
    expect(costs(report)).toEqual([
      ["Bob <bob@example.com>", 5, "3500000000"],
      ["Ada <ada@example.com>", 1, "1500000000"],
      ["pending", 1, "3000000000"],
    ]);
    expect(report.shared).toEqual({ writers: 2, cells: 2, skipped: 0 });
    expect(costs(box.json(["report", "--by", "commit", "--shared"], { cwd: at }))[0]).toEqual([newer, 5, "3500000000"]);
    expect(costs(box.json(["report", "--by", "state", "--shared"], { cwd: at }))).toEqual([
      ["shipped", 6, "5000000000"],
      ["pending", 1, "3000000000"],
    ]);
    expect(costs(box.json(["report", "--by", "project", "--shared"], { cwd: at }))).toEqual([["repo", 7, "8000000000"]]);
    expect(costs(box.json(["report", "--by", "model", "--shared", "--branch", "feat/x"], { cwd: at }))).toEqual([
      ["model-b", 3, "2000000000"],
    ]);
    // 1700000060 is 2023-11-14 22:14:20 UTC.
    const env = { TZ: "UTC" };
    expect(costs(box.json(["report", "--by", "day", "--shared", "--until", "2023-11-14"], { cwd: at, env }))).toEqual([
      ["2023-11-14", 5, "3500000000"],
    ]);
    expect(costs(box.json(["report", "--by", "day", "--shared", "--until", "2023-11-14T22:14:20Z"], { cwd: at, env }))).toEqual([]);
  });

  it("calls a colleague's work that was thrown away abandoned, in every grouping, though the ledger knows the commit", () => {
    const box = sandbox();
    const at = box.repo();
    talkAndCommit(box, at, 100_000, "mine");
    const gone = bobsCommit(box, at, "gone");
    addNote(box, at, "b0b00001", gone, line("1", { branch: "main" }));
    const shared = (by: string) => costs(box.json(["report", "--by", by, "--shared"], { cwd: at }));
    expect(shared("state")).toEqual([["shipped", 3, "3000000000"]]);
    box.git(at, "reset", "-q", "--hard", "HEAD~1");
    for (const [by, mine] of [
      ["state", "shipped"],
      ["commit", box.git(at, "rev-parse", "HEAD")],
      ["author", "Ada <ada@example.com>"],
    ] as const) {
      expect(shared(by)).toEqual([
        [mine, 1, "1500000000"],
        ["abandoned", 2, "1500000000"],
      ]);
    }
    expect(box.json(["report", "--by", "branch", "--shared"], { cwd: at }).totals.abandoned).toEqual({
      requests: 2,
      cost_nano_usd: "1500000000",
    });
  });

  it("counts what this machine's clones wrote once, and a colleague's copy of an own cell once", () => {
    const box = sandbox();
    const at = box.repo();
    box.git(at, "remote", "add", "origin", "https://example.com/acme/api.git");
    box.boba(["hooks", "install", "--mode", "lazy"], { cwd: at });
    talkAndCommit(box, at, 100_000, "mine");
    const second = `${at}-2`;
    box.git(box.dir, "clone", "-q", at, second);
    box.git(second, "remote", "set-url", "origin", "https://example.com/acme/api.git");
    box.boba(["hooks", "install", "--mode", "lazy"], { cwd: second });
    talkAndCommit(box, second, 200_000, "also mine");
    const before = box.json(["report", "--by", "repo"], { cwd: at });
    expect(before.totals.cost_nano_usd).toBe("4500000000");
    box.git(at, "fetch", "-q", second, "+refs/notes/boba/*:refs/notes/boba/*", "main:theirs");
    const ownNote = box.git(at, "for-each-ref", "--format=%(refname)", "refs/notes/boba").split("\n");
    expect(ownNote).toHaveLength(2);
    // A pipeline that carried a cell to a squash commit writes as itself.
    const text = box.git(at, "notes", `--ref=${box.git(at, "config", "boba.clone").replace(/^/, "refs/notes/boba/")}`, "show", "main");
    addNote(box, at, "c1c1c1c1", box.git(at, "rev-parse", "theirs"), text);
    const shared = box.json(["report", "--by", "author", "--shared"], { cwd: at });
    expect(costs(shared)).toEqual([["Ada <ada@example.com>", 2, "4500000000"]]);
    expect(shared.shared.cells).toBe(0);
    const table = box.boba(["report", "--shared"], { cwd: at }).stdout;
    expect(table).toContain("\nShared: notes of 1 other clone, nothing new in them.\n");
    expect(table).toContain("\nbooked by files 0 %, sequence 0 %, time 100 % (of this machine's records)\n");
    box.git(at, "update-ref", "-d", "refs/notes/boba/c1c1c1c1");
    expect(box.boba(["report", "--shared"], { cwd: at }).stdout).toContain("\nShared: no notes of others here: boba notes fetch\n");
    expect(box.boba(["report"], { cwd: at }).stdout).toContain("\nbooked by files 0 %, sequence 0 %, time 100 %\n");
  });

  it("works where the ledger knows nothing, and counts on no branch what no branch has", () => {
    const box = sandbox();
    const at = box.repo();
    const lost = bobsCommit(box, at, "lost");
    addNote(box, at, "b0b00001", lost, `${line("1")}\nnot a cell`);
    box.git(at, "reset", "-q", "--hard", "HEAD~1");
    const report = box.json(["report", "--by", "branch", "--shared"], { cwd: at });
    expect(report.rows).toMatchObject([{ key: "feat/x", repo: "repo", abandoned: { requests: 2, cost_nano_usd: "1500000000" } }]);
    expect(report.shared).toEqual({ writers: 1, cells: 1, skipped: 1 });
    expect(box.boba(["report", "--shared"], { cwd: at }).stdout).toContain(
      "Shared: 1 cell from the notes of 1 other clone; 1 entry could not be read.",
    );
  });

  it("refuses what notes cannot tell", () => {
    const box = sandbox();
    const at = box.repo();
    expect(box.boba(["report", "--shared", "--by", "session"], { cwd: at, expect: 2 }).stderr).toContain("BOBA-USE-30");
    expect(box.boba(["report", "--shared", "--project", "x"], { cwd: at, expect: 2 }).stderr).toContain("BOBA-USE-30");
    expect(box.boba(["report", "--shared"], { expect: 2 }).stderr).toContain("BOBA-USE-31");
  });
});
