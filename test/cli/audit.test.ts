/** `boba audit` with a word: what it may name. */
import { expect, test } from "vitest";
import { sandbox } from "../helpers/sandbox.ts";
import { commit, talk, talkAndCommit } from "../helpers/work.ts";

const NANO = 15_000; // of one output token
const costs = (explained: any): number[] => explained.records.map((record: any) => Number(record.cost_nano_usd) / NANO);

test("names what git knows where the ledger knows no such name", () => {
  const box = sandbox();
  const at = box.repo();
  const root = box.git(at, "rev-parse", "HEAD");
  const first = talkAndCommit(box, at, 1000, "one");
  talkAndCommit(box, at, 2000, "two");
  box.git(at, "tag", "v1", first);
  talk(box, at, 4000);
  box.boba(["import"]);
  const told = (what: string) => costs(box.json(["audit", what, "--no-import"], { cwd: at }));
  expect(told("main")).toEqual([1000, 2000, 4000]);
  expect(told("HEAD")).toEqual([2000]);
  expect(told("HEAD~1")).toEqual([1000]);
  expect(told("v1")).toEqual([1000]);
  expect(told("@{0}")).toEqual([2000]);
  expect(told(first.slice(0, 4))).toEqual([1000]);
  expect(told(first.slice(0, 7))).toEqual([1000]);
  expect(told(first.slice(0, 9).toUpperCase())).toEqual([1000]);
  expect(told("HEAD~2..HEAD")).toEqual([1000, 2000]);
  expect(told("HEAD..HEAD")).toEqual([]);
  expect(told(root)).toEqual([]);
  expect(box.boba(["audit", "HEAD~2", "--no-import"], { cwd: at }).stdout).toBe("No record is booked to HEAD~2.\n");
  for (const [what, cwd] of [
    ["nosuch", at],
    ["HEAD", box.dir],
    ["", at],
  ] as const) {
    expect(box.boba(["audit", what, "--no-import"], { cwd, expect: 2 }).stderr).toContain("[BOBA-USE-10]");
  }
});

test("--explain tells the buckets first, then why what is pending waits", () => {
  const box = sandbox();
  const at = box.repo();
  talkAndCommit(box, at, 1000, "one");
  const buckets = box.boba(["audit"], { cwd: at }).stdout;
  expect(buckets).toMatch(/^committed +1 +\$0\.015000000\n[^]*\nbalanced\n$/);
  expect(box.boba(["audit", "--explain"], { cwd: at }).stdout).toBe(buckets);
  talk(box, at, 4000);
  const both = box.boba(["audit", "--explain"], { cwd: at }).stdout;
  expect(both).toMatch(
    /^committed +1 +\$0\.015000000\npending +1 +\$0\.060000000\n[^]*\nbalanced\n\n[0-9a-f]{12} [^\n]* \$0\.060000\n[^]*\n {2}pending: /,
  );
  const json = box.json(["audit", "--explain"], { cwd: at });
  expect(json.audit).toEqual(box.json(["audit"], { cwd: at }));
  expect(json.audit).toMatchObject({ balanced: true, buckets: { pending: { requests: 1, cost_nano_usd: "60000000" } } });
  expect([json.schema, costs(json)]).toEqual(["boba.explain/1", [4000]]);
});

test("lists the oldest records, as many as --limit says, and tells how many there are", () => {
  const box = sandbox();
  const at = box.repo();
  for (const output of [1000, 2000, 4000]) talk(box, at, output);
  commit(box, at, "all");
  talk(box, at, 8000);
  talk(box, at, 9000);
  const two = box.json(["audit", "HEAD", "--limit", "2"], { cwd: at });
  expect([costs(two), two.records_total]).toEqual([[1000, 2000], 3]);
  const text = box.boba(["audit", "HEAD", "--limit", "2"], { cwd: at }).stdout;
  expect(text.split("\n\n")).toHaveLength(3);
  expect(text).toMatch(/\n\n1 newer record not listed; to list all: --limit 3\n$/);
  expect(box.boba(["audit", "HEAD", "--limit", "3"], { cwd: at }).stdout).not.toContain("not listed");
  const pending = box.json(["audit", "--explain", "--limit", "1"], { cwd: at });
  expect([costs(pending), pending.records_total, pending.audit.balanced]).toEqual([[8000], 2, true]);
  expect(box.boba(["audit", "HEAD", "--limit", "0"], { cwd: at, expect: 2 }).stderr).toContain("--limit takes a whole number from 1");
});
