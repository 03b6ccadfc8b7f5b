/** Help, and the usage line of an error: what to type, told once. */
import { expect, test } from "vitest";
import { sandbox } from "../helpers/sandbox.ts";

const COMMANDS = "audit|show|report|stats|ci|ci carry|notes push|route test|ls|budget|export|metrics|edit|restore|db prune|secrets backup";

test.each(COMMANDS.split("|"))("boba %s --help names each option once, in columns, and its text has no run of blanks", (words) => {
  const { stdout } = sandbox().boba([...words.split(" "), "--help"]);
  const lines = stdout.split("\n").filter((line) => line.startsWith("  -"));
  const [, details] = /\nDetails\n([^]*?)(?:\nExamples\n|$)/.exec(stdout) ?? [];
  expect(lines.length === 0).toBe(words === "edit");
  const options = lines.map((line) => /^ {2}(-\S+(?: …)? +)(?! )(.*)/.exec(line) ?? []);
  for (const [line, option = "", description = ""] of options) {
    expect(line).toMatch(/ {4}\S/);
    expect(description.startsWith(option.trim().split(" ")[0] as string)).toBe(false);
    expect(option).not.toMatch(/^--(import|fetch)\b/);
  }
  expect(new Set(options.map(([, option = ""]) => option.length)).size).toBeLessThanOrEqual(1);
  expect(details).not.toMatch(/\S {3,}\S/);
  expect(stdout).not.toContain("#");
});

test("an error prints the options as help does, and how to type a value that begins with a dash", () => {
  const box = sandbox();
  const says = (...args: string[]) => box.boba(args, { expect: 2 }).stderr.split("\n");
  expect(says("ci", "--base", "-x")).toEqual([
    "boba: Not enough arguments to option --base.",
    "  a value that begins with a dash is typed so: --base=-x",
    "  $ boba ci [--base …] [--head …] [--format …] [--max-usd …] [--no-fetch] [--remote …]",
    "  see: boba --help",
    "",
  ]);
  expect(says("show", "--format")).toEqual([
    "boba: Not enough arguments to option --format.",
    "  $ boba show [--format …] [--why] [--no-import] [rev or range]",
    "  see: boba --help",
    "",
  ]);
  // The value is then refused for what it is.
  expect(says("report", "--branch=-x")[0]).toBe('boba: no record is on a branch called "-x" [BOBA-USE-71]');
});
