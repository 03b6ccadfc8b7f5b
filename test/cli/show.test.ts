import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cellId } from "../../src/core/cell.ts";
import { addNote, commits, line } from "../helpers/cells.ts";
import { cellsLedger } from "../helpers/cells-ledger.ts";
import { sandbox } from "../helpers/sandbox.ts";

test("a commit shows its cells from the ledger and from the notes of others, in the order they began", () => {
  const box = sandbox();
  const at = box.repo();
  const [a] = commits(box, at, "add the | thing") as [string];
  const ledger = cellsLedger(box.db, join(at, ".git"));
  ledger.add({ commits: [a], input: 1000, output: 500, nanoUsd: 4_990_000_000, ts: 10 });
  ledger.add({ commits: [a], input: 12_000, nanoUsd: null, ts: 20 });
  ledger.db.close();
  addNote(box, at, "cccccccc", a, line("c", { branch: "feat/y", nano_usd: 4_000_000, from: 5 }));
  expect(box.boba(["show", "HEAD", "--no-import"], { cwd: at }).stdout).toBe(
    [
      `${a.slice(0, 7)} add the | thing`,
      "  tool         model    branch  requests  tokens      cost",
      "  claude-code  model-a  feat/y         2     100    <$0.01",
      "  claude-code  model-a  main           2   13.5K  >= $4.99",
      "  total >= $4.99, 4 requests, 13.6K tokens",
      "",
    ].join("\n"),
  );
  const json = box.json(["show", a, "--no-import"], { cwd: at });
  expect(json).toMatchObject({
    schema: "boba.show/1",
    commits: [{ commit: a, subject: "add the | thing", requests: 4, cost_nano_usd: "4994000000", unpriced_requests: 1, cost_usd: 4.994 }],
    commits_with_data: 1,
    total: { requests: 4, total_tokens: 13_600 },
  });
  expect(json.commits[0].cells[1]).toEqual({
    id: cellId("s1", "model-a", a),
    tool: "claude-code",
    model: "model-a",
    branch: "main",
    requests: 2,
    input_tokens: 13_000,
    output_tokens: 500,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    total_tokens: 13_500,
    cost_usd: 4.99,
    cost_nano_usd: "4990000000",
    unpriced_requests: 1,
    from: 10,
    to: 20,
  });
});

test("in a range a cell on two commits counts once in the total, and a note with more of it wins over the ledger", () => {
  const box = sandbox();
  const at = box.repo();
  const [a, b] = commits(box, at, "a", "b", "c") as [string, string];
  const ledger = cellsLedger(box.db, join(at, ".git"));
  ledger.add({ commits: [a, b], input: 10, nanoUsd: 1_000_000_000 });
  ledger.db.close();
  // The ledger was trimmed since: the clone's own note remembers two requests.
  const id = cellId("s1", "model-a", a);
  addNote(box, at, "aaaaaaaa", a, line(id, { nano_usd: 2_000_000_000 }));
  const json = box.json(["show", "HEAD~3..HEAD", "--no-import"], { cwd: at });
  expect(json.commits.map((one: { subject: string; cost_usd: number | null }) => [one.subject, one.cost_usd])).toEqual([
    ["c", null],
    ["b", 1],
    ["a", 2],
  ]);
  expect(json.total).toMatchObject({ cost_usd: 2, requests: 2 });
  const text = box.boba(["show", "HEAD~3..HEAD", "--no-import"], { cwd: at }).stdout;
  expect(text).toContain(" c\n  no data\n");
  expect(text).toContain("total $2.00, 2 requests, 100 tokens on 2 of 3 commits (what is on several commits counts once)");
});

test("a fresh clone with notes and no ledger shows the same figures", () => {
  const box = sandbox();
  const at = box.repo();
  const [a] = commits(box, at, "a") as [string];
  addNote(box, at, "cccccccc", a, line("c"));
  box.git(box.dir, "clone", "-q", at, "fresh");
  const fresh = join(box.dir, "fresh");
  expect(box.json(["show", "HEAD", "--no-import"], { cwd: fresh }).total.cost_usd).toBeNull();
  box.boba(["notes", "fetch"], { cwd: fresh });
  rmSync(box.bobaHome, { recursive: true, force: true });
  expect(box.json(["show", "HEAD"], { cwd: fresh }).total).toMatchObject({ cost_usd: 1.5, requests: 2, total_tokens: 100 });
});

test("a revision that does not exist, or that is an option in disguise, is refused", () => {
  const box = sandbox();
  const at = box.repo();
  for (const rev of ["nothing", "a..b", ""])
    expect(box.boba(["show", rev, "--no-import"], { cwd: at, expect: 2 }).stderr).toContain("[BOBA-NOTE-8]");
  expect(box.boba(["show", "--output=x"], { cwd: at, expect: 2 }).stderr).toContain("boba:");
  expect(box.boba(["show", "HEAD..HEAD", "--no-import"], { cwd: at }).stdout).toBe("no commits in this range\n");
  expect(box.boba(["show", "HEAD", "--format", "xml"], { cwd: at, expect: 2 }).stderr).toContain("use one of: table, json");
});

test("without a commit it says so, and does not advise what cannot work", () => {
  const box = sandbox();
  box.git(box.dir, "init", "-q", "bare");
  const at = join(box.dir, "bare");
  const says = () => box.boba(["show"], { cwd: at, expect: 2 }).stderr;
  expect(says()).toBe("boba: this repository has no commit yet [BOBA-NOTE-8]\n  make one, then: boba show HEAD\n");
  box.git(at, "commit", "-q", "--allow-empty", "-m", "one");
  box.git(at, "checkout", "-q", "--orphan", "other");
  expect(says()).toContain("the branch you are on has no commit yet");
});

test("names that would act on a terminal are printed as blanks", () => {
  const box = sandbox();
  const at = box.repo();
  const [a] = commits(box, at, "evil \u001b[31m\u202e subject") as [string];
  addNote(box, at, "cccccccc", a, line("c", { model: "m\u202ex" }));
  const text = box.boba(["show", "--no-import"], { cwd: at }).stdout;
  expect(text).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
  expect(text).toContain("evil  [31m  subject");
});
