import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { git } from "../../src/git/run.ts";
import { sandbox } from "../helpers/sandbox.ts";

it("what git starts, an alias or a hook, sees none of boba's secrets, and all the rest of the environment", async () => {
  const box = sandbox();
  const repo = box.repo();
  const hook = join(repo, ".git", "hooks", "reference-transaction");
  writeFileSync(hook, "#!/bin/sh\nenv >hook.txt\n");
  chmodSync(hook, 0o755);
  box.git(repo, "config", "alias.show-env", "!env; cat hook.txt");
  const options = { at: repo, env: { ...box.env, BOBA_SECRET_MAIN: "sk-test", BOBA_SECRET_: "sk-other", MARK: "seen" } };
  await git(["update-ref", "refs/heads/other", "HEAD"], options);
  const printed = (await git(["show-env"], options)).split("\n");
  expect(printed.filter((line) => line === "MARK=seen")).toHaveLength(2);
  expect(printed.filter((line) => line.includes("BOBA_SECRET_"))).toEqual([]);
});
