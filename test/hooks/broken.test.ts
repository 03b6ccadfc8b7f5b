/** Whatever is broken on boba's side, git answers exactly as in a repository without boba: exit status, stdout, stderr. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { HookMode } from "../../src/core/hooks.ts";
import { installHooks } from "../../src/flow/hooks-install.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { appAt, gitProgram, OLD_GIT, replaceNode, spoolFile } from "./tools.ts";

/** Everything git needs that is not a place: the same in both repositories, so that even commit ids are the same. */
const IDENTITY = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
  GIT_AUTHOR_DATE: "1700000000 +0000",
  GIT_COMMITTER_DATE: "1700000000 +0000",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_EDITOR: ":",
  LC_ALL: "C",
};

const COMMANDS = [
  ["commit", "--allow-empty", "-m", "one"],
  ["commit", "--allow-empty", "--amend", "-m", "two"],
  ["commit", "-m", "nothing to commit"],
  ["checkout", "-b", "topic"],
  ["checkout", "no-such-branch"],
  ["commit", "--allow-empty", "-m", "three"],
  ["checkout", "main"],
  ["commit", "--allow-empty", "-m", "four"],
  ["merge", "--no-edit", "--no-ff", "topic"],
  ["merge", "no-such-branch"],
  ["checkout", "-b", "again", "topic"],
  ["commit", "--allow-empty", "-m", "five"],
  ["rebase", "--quiet", "main"],
  ["push", "../remote.git", "again"],
  ["push", "../remote.git", "no-such-branch"],
  ["stash"],
  ["fetch", "../remote.git"],
  ["status", "--short"],
];

/** Runs all commands in a fresh repository below `folder`, with boba in `mode` unless null, and returns what each said. */
async function transcript(
  box: Sandbox,
  folder: string,
  mode: HookMode | null,
  env: NodeJS.ProcessEnv,
  breakIt: () => void,
): Promise<unknown[]> {
  const at = join(box.dir, folder, "repo");
  mkdirSync(at, { recursive: true });
  const git = gitProgram(box);
  box.git(box.dir, "init", "-q", "--bare", join(box.dir, folder, "remote.git"));
  box.git(at, "init", "-q", "-b", "main");
  // The user's own hook fails and speaks: that must stay as it is as well.
  writeFileSync(join(at, ".git/hooks/post-checkout"), "#!/bin/sh\necho own hook\nexit 3\n", { mode: 0o755 });
  if (mode !== null) {
    await installHooks(appAt(box, at), { global: false, mode, force: false, gits: [OLD_GIT] });
    breakIt();
  }
  return COMMANDS.map((args) => {
    const { status, stdout, stderr } = spawnSync(git, args, { cwd: at, env: { ...IDENTITY, ...env }, encoding: "utf8" });
    return { args, status, stdout, stderr };
  });
}

const CASES: [string, HookMode, (box: Sandbox) => NodeJS.ProcessEnv, (box: Sandbox) => void][] = [
  ["nothing broken", "background", (box) => ({ PATH: box.env["PATH"], HOME: box.home }), () => undefined],
  ["no HOME", "lazy", (box) => ({ PATH: box.env["PATH"] }), () => undefined],
  ["an empty PATH", "lazy", (box) => ({ PATH: "", HOME: box.home }), () => undefined],
  ["no environment at all", "background", () => ({}), () => undefined],
  [
    "boba's folder deleted",
    "lazy",
    (box) => ({ PATH: box.env["PATH"], HOME: box.home }),
    (box) => rmSync(box.bobaHome, { recursive: true }),
  ],
  [
    "a script with a syntax error",
    "lazy",
    (box) => ({ PATH: box.env["PATH"], HOME: box.home }),
    (box) => writeFileSync(join(box.bobaHome, "git-hooks", "spool.sh"), "if ; ((\n"),
  ],
  [
    "a folder in the script's place",
    "lazy",
    (box) => ({ PATH: box.env["PATH"], HOME: box.home }),
    (box) => {
      rmSync(join(box.bobaHome, "git-hooks", "spool.sh"));
      mkdirSync(join(box.bobaHome, "git-hooks", "spool.sh"));
    },
  ],
  ["a folder in the spool's place", "lazy", (box) => ({ PATH: box.env["PATH"], HOME: box.home }), (box) => mkdirSync(spoolFile(box))],
  [
    "a Node.js that fails and shouts",
    "background",
    (box) => ({ PATH: box.env["PATH"], HOME: box.home }),
    (box) => replaceNode(box, "echo loud; echo loud >&2; exit 9\n"),
  ],
  ["BOBA_HOOKS=0", "lazy", (box) => ({ PATH: box.env["PATH"], HOME: box.home, BOBA_HOOKS: "0" }), () => undefined],
];

test.each(CASES)("%s (%s)", async (_, mode, env, breakIt) => {
  const box = sandbox();
  const plain = await transcript(box, "a", null, env(box), () => undefined);
  const withBoba = await transcript(box, "b", mode, env(box), () => breakIt(box));
  expect(withBoba).toEqual(plain);
  expect(plain).toHaveLength(COMMANDS.length);
});
