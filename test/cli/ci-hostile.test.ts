import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { addNote, commits, line } from "../helpers/cells.ts";
import { sandbox } from "../helpers/sandbox.ts";

test("subjects and names of a hostile pull request are inert in Markdown and in a pipeline's log", () => {
  const box = sandbox();
  const at = box.repo();
  const subject =
    "x | `y` <img src=x onerror=alert(1)> @everyone --> ![t](https://evil.example/t.png) #1 \u202egnp ::add-path::/tmp ##[add-path]z $a$";
  const [a] = commits(box, at, subject) as [string];
  addNote(box, at, "cccccccc", a, line("c", { model: "</sub><!-- @team | www.evil.example", tool: "::error::x" }));
  const args = ["ci", "--base", "HEAD~1", "--no-fetch"];
  const { stdout } = box.boba(args, { cwd: at });
  const row = stdout.split("\n").find((text) => text.startsWith(`| ${a.slice(0, 7)} `)) as string;
  // Five columns: six bars, and none of the subject's own.
  expect(row.match(/\|/g)).toHaveLength(6);
  const plain = stdout.replace(/<\/?(details|summary|sub)>/g, "");
  expect(plain).not.toMatch(/[<>`\u202e]|@(?!&#8203;)|::(add|error)|##\[|:\/\/|www\.|!\[|-->/);
  expect(row).toContain(
    "x &#124; &#96;y&#96; &#60;img src=x onerror=alert(1)&#62; @&#8203;everyone --&#62; &#33;&#91;t&#93;(https:&#8203;//",
  );
  const json = box.boba([...args, "--format", "json"], { cwd: at, env: { GITHUB_ACTIONS: "true" } }).stdout;
  expect(json).not.toMatch(/::|##\[/);
  expect(JSON.parse(json).by_commit[0].subject).toBe(subject);
  expect(JSON.parse(json).by_model[0].tool).toBe("::error::x");
});

test("notes full of rubbish are skipped and counted; what is sound still counts", () => {
  const box = sandbox();
  const at = box.repo();
  const [a, b, c] = commits(box, at, "a", "b", "c") as [string, string, string];
  addNote(box, at, "00000001", a, [line("1", { input: -5 }), line("2", { nano_usd: 1e16 }), "{}", line("3"), '{"v":9}'].join("\n"));
  addNote(box, at, "00000002", a, line("3", { requests: 1, nano_usd: 9_000_000_000 }));
  const bytes = randomBytes(5000);
  const blob = box.tryGit(at, ["hash-object", "-w", "--stdin"], { input: bytes.toString("latin1") }).stdout.trim();
  box.git(at, "notes", "--ref=refs/notes/boba/00000003", "add", "-C", blob, b);
  addNote(box, at, "00000004", c, "z".repeat(10 * 1024 * 1024));
  box.git(at, "update-ref", "refs/notes/boba/00000005", blob);
  const json = box.json(["ci", "--base", "HEAD~3", "--no-fetch"], { cwd: at });
  expect(json).toMatchObject({ cost_usd: 1.5, requests: 2, commits: 3, commits_with_data: 1 });
  expect(json.skipped).toMatchObject({ newer_lines: 1, unreadable_notes: 1, bad_refs: 1, entries_not_notes: 0 });
  expect(json.skipped.bad_lines_by_reason).toMatchObject({ bad_number: 2 });
  expect(box.boba(["ci", "--base", "HEAD~3", "--no-fetch"], { cwd: at }).stdout).toMatch(/^Skipped: .*1 unreadable note\b/m);
});

test("twenty-five commits: twenty rows and the rest in one, and the rows add up to the headline", () => {
  const box = sandbox();
  const at = box.repo();
  const shas = commits(box, at, ...Array.from({ length: 25 }, (_, n) => `commit ${n}`));
  for (const [n, sha] of shas.entries()) addNote(box, at, "00000001", sha, line(n.toString(16), { nano_usd: (n + 1) * 1_000_000_000 }));
  const { stdout } = box.boba(["ci", "--base", "HEAD~25", "--no-fetch"], { cwd: at });
  // 1 + 2 + ... + 25 = 325; the five cheapest are 1 to 5 = 15.
  expect(stdout).toContain("### AI cost of this pull request: $325.00\n");
  const rows = stdout.split("\n").filter((text) => /^\| [0-9a-f]{7} /.test(text));
  expect(rows).toHaveLength(20);
  expect(rows[0]).toContain("| commit 24 |");
  expect(stdout).toContain("| | and 5 more ($15.00) | | | |");
  expect(rows.reduce((sum, text) => sum + Number(/\$(\d+)\.00 \|$/.exec(text)?.[1]), 0) + 15).toBe(325);
});
