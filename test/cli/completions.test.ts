import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sandbox } from "../helpers/sandbox.ts";

test("bash completes commands, their sub-commands, and the options of the one that is typed", () => {
  const box = sandbox();
  const script = join(box.dir, "boba.bash");
  writeFileSync(script, box.boba(["completions", "bash"]).stdout);
  const complete = (...words: string[]) => {
    const line = `source '${script}'; COMP_WORDS=(boba ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _boba; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, status, stderr } = spawnSync("bash", ["-c", line], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
    return stdout.trim().split("\n");
  };
  expect(complete("rep")).toEqual(["report"]);
  expect(complete("hooks", "")).toEqual(["install", "remove", "status", "uninstall"]);
  expect(complete("backup", "list", "--")).toEqual(["--format", "--help"]);
  expect(complete("report", "--by", "branch", "--sin")).toEqual(["--since"]);
  expect(complete("nothing", "")).toContain("report");
});

test("the scripts for zsh and fish name every command; an unknown shell is refused", () => {
  const box = sandbox();
  for (const shell of ["zsh", "fish"]) {
    const { stdout } = box.boba(["completions", shell]);
    expect(["uninstall", "reprice", "restore", "carry"].filter((word) => !stdout.includes(word))).toEqual([]);
  }
  expect(box.boba(["completions", "fish"]).stdout).toContain("-l since");
  expect(box.boba(["completions", "tcsh"], { expect: 2 }).stderr).toContain("use one of: bash, zsh, fish");
});

test("help that goes into a pipe holds no colours", () => {
  const box = sandbox();
  for (const args of [["--help"], ["report", "--help"], ["hooks", "--help"]] as const)
    expect(box.boba(args).stdout).not.toContain("\u001b");
});

test("words that several commands begin with list them", () => {
  const box = sandbox();
  const { stdout } = box.boba(["maintenance", "--help"]);
  expect(stdout.split("\n").filter((line) => line.startsWith("  boba maintenance "))).toHaveLength(4);
  expect(box.boba(["db"], { expect: 2 }).stdout).toContain("boba db recover");
  expect(box.boba(["backup", "--help"]).stdout).toContain("--encrypt-to");
});
