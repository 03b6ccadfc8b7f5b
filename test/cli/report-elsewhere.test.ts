import { expect, it } from "vitest";
import { addNote, line } from "../helpers/cells.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { commit } from "../helpers/work.ts";

const costs = (report: any) => report.rows.map((row: any) => [row.key, row.requests, row.cost_nano_usd]);

it("tells commits that this clone does not have from abandoned ones, until they are fetched", () => {
  const box = sandbox();
  const at = box.repo();
  const bob = `${at}-bob`;
  box.git(box.dir, "clone", "-q", at, bob);
  // One line of a note is 2 requests and 1.5 $. The last cell is on a commit that main has, too.
  const amended = commit(box, bob, "a");
  box.git(bob, "commit", "-q", "--amend", "-m", "better");
  const theirs = box.git(bob, "rev-parse", "HEAD");
  addNote(box, bob, "b0b00001", amended, line("1"));
  addNote(box, bob, "b0b00001", theirs, [line("1"), line("2", { model: "model-b", requests: 3 }), line("3")].join("\n"));
  addNote(box, bob, "b0b00001", "HEAD~1", line("3"));
  const lost = commit(box, at, "lost");
  box.git(at, "reset", "-q", "--hard", "HEAD~1");
  addNote(box, at, "b0b00002", lost, line("4"));
  box.git(at, "fetch", "-q", bob, "+refs/notes/boba/b0b00001:refs/notes/boba/b0b00001");

  const ask = (...args: string[]) => box.json(["report", "--shared", ...args], { cwd: at });
  const state = ask("--by", "state");
  expect(costs(state)).toEqual([
    ["shipped", 2, "1500000000"],
    ["abandoned", 2, "1500000000"],
    ["elsewhere", 5, "3000000000"],
  ]);
  expect(state.rows[2]).toMatchObject({ state: "elsewhere", bucket: "elsewhere" });
  const branches = ask("--by", "branch");
  expect(branches.rows).toMatchObject([
    {
      key: "feat/x",
      committed: { requests: 2, cost_nano_usd: "1500000000" },
      abandoned: { requests: 2, cost_nano_usd: "1500000000" },
      elsewhere: { requests: 5, cost_nano_usd: "3000000000" },
    },
  ]);
  expect(branches.totals.elsewhere).toEqual({ requests: 5, cost_nano_usd: "3000000000" });
  expect(costs(ask("--by", "author")).slice(1)).toEqual([
    ["abandoned", 2, "1500000000"],
    ["elsewhere", 5, "3000000000"],
  ]);
  const hint = "2 cells of the notes are on commits that this clone does not have: git fetch\n";
  const table = box.boba(["report", "--shared", "--by", "commit"], { cwd: at });
  expect(table.stdout).toMatch(/not in this clone +5 /);
  expect(table.stderr).toBe(hint);
  expect(box.boba(["report", "--shared"], { cwd: at }).stdout).toMatch(/ abandoned +elsewhere +cost/);
  expect(box.boba(["report", "--shared", "--format", "csv"], { cwd: at }).stdout.split("\r\n")[0]).toMatch(
    /,abandoned_cost_nano_usd,abandoned_requests,elsewhere_cost_nano_usd,elsewhere_requests$/,
  );
  const alone = box.boba(["report", "--format", "csv"], { cwd: at });
  expect([alone.stdout.includes("elsewhere"), alone.stderr]).toEqual([false, ""]);

  box.git(at, "fetch", "-q", bob, "main:theirs");
  expect(costs(ask("--by", "state"))).toEqual([
    // Of commits that refs reach it is the newest.
    ["open", 7, "4500000000"],
    ["abandoned", 2, "1500000000"],
  ]);
  expect(box.boba(["report", "--shared"], { cwd: at }).stderr).toBe("");

  const shallow = `${at}-shallow`;
  box.git(box.dir, "clone", "-q", "--depth", "1", `file://${bob}`, shallow);
  box.git(shallow, "fetch", "-q", `file://${bob}`, "+refs/notes/boba/*:refs/notes/boba/*");
  const cut = box.json(["report", "--shared", "--by", "state"], { cwd: shallow });
  expect(costs(cut)).toEqual([["shipped", 7, "4500000000"]]);
  addNote(box, bob, "b0b00003", "HEAD~1", line("5"));
  box.git(shallow, "fetch", "-q", `file://${bob}`, "+refs/notes/boba/*:refs/notes/boba/*");
  const said = box.boba(["report", "--shared", "--by", "state"], { cwd: shallow });
  expect(said.stderr).toBe("1 cell of the notes is on commits that this clone does not have: git fetch --unshallow\n");
});
