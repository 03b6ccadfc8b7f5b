/** spool.sh on its own, under each shell there is: whole lines, no program started, nothing printed, status 0. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PROJECT, type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { install, spool, spoolFile } from "./tools.ts";

const SHELLS = ["sh", "dash", "bash", "zsh"].flatMap(
  (name) => ["/bin", "/usr/bin"].map((dir) => join(dir, name)).find((path) => existsSync(path)) ?? [],
);

/**
 * Sources the installed script as a hook would; the caller's PATH is empty, so any program but a builtin would be missed.
 * SHLVL: bash takes a socket as stdin for a network login, and then reads start-up files.
 */
function source(shell: string, box: Sandbox, at: string, event: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const script = join(box.bobaHome, "git-hooks", "spool.sh");
  return spawnSync(shell, ["-c", `BOBA_HOOK=${event}; . "${script}"`, "hook", ...args], {
    cwd: at,
    env: { PATH: "", SHLVL: "2", ...env },
    encoding: "utf8",
    input: "kept",
  });
}

describe.each(SHELLS)("%s", (shell) => {
  test("writes one line without any program, output or failure", async () => {
    const box = sandbox();
    const repo = box.repo();
    await install(box, repo);
    const result = source(shell, box, repo, "post-checkout", ["a", "b", "1"]);
    expect([result.status, result.stdout, result.stderr]).toEqual([0, "", ""]);
    const head = box.git(repo, "rev-parse", "HEAD");
    expect(spool(spoolFile(box))).toEqual([["v1", "post-checkout", join(repo, ".git"), repo, "refs/heads/main", head, "a", "b", "1"]]);
  });

  test("30 writers with 100 lines each leave 3,000 whole lines", async () => {
    const box = sandbox();
    const repo = box.repo("a-rather-long-name-".repeat(6));
    await install(box, repo);
    const script = join(box.bobaHome, "git-hooks", "spool.sh");
    const loop = `n=0; BOBA_HOOK=post-commit; while [ $n -lt 100 ]; do n=$((n + 1)); set -- "$WRITER" $n; . "${script}"; cd "$REPO"; done`;
    await Promise.all(
      Array.from({ length: 30 }, (_, writer) => {
        const child = spawn(shell, ["-c", loop], { cwd: repo, env: { PATH: "", WRITER: `${writer}`, REPO: repo }, stdio: "ignore" });
        return new Promise((resolve) => child.on("close", resolve));
      }),
    );
    const head = box.git(repo, "rev-parse", "HEAD");
    const wanted = Array.from({ length: 30 }, (_, writer) =>
      Array.from({ length: 100 }, (__, n) => `v1\tpost-commit\t${repo}/.git\t${repo}\trefs/heads/main\t${head}\t${writer}\t${n + 1}`),
    ).flat();
    expect(readFileSync(spoolFile(box), "utf8").split("\n").slice(0, -1).toSorted()).toEqual(wanted.toSorted());
  });

  test("BOBA_HOOKS=0, a file checkout, a place that is no repository: no line", async () => {
    const box = sandbox();
    const repo = box.repo();
    await install(box, repo);
    const results = [
      source(shell, box, repo, "post-commit", [], { BOBA_HOOKS: "0" }),
      source(shell, box, repo, "post-checkout", ["a", "b", "0"]),
      source(shell, box, box.dir, "post-commit"),
      source(shell, box, repo, "post-commit", ["with\ttab"]),
      source(shell, box, repo, "post-commit", ["with\nnewline"]),
      source(shell, box, repo, "post-commit", ["x".repeat(5000)]),
    ];
    expect(results.map((result) => [result.status, result.stdout + result.stderr])).toEqual(Array.from({ length: 6 }, () => [0, ""]));
    expect(spool(spoolFile(box))).toEqual([]);
  });

  test("a spool that is a folder or a pipe: the repository's own spool takes the line", async () => {
    const box = sandbox();
    const repo = box.repo();
    await install(box, repo);
    mkdirSync(spoolFile(box));
    source(shell, box, repo, "post-commit", ["one"]);
    rmSync(spoolFile(box), { recursive: true });
    expect(spawnSync("mkfifo", [spoolFile(box)]).status).toBe(0);
    source(shell, box, repo, "post-commit", ["two"]);
    expect(spool(join(repo, ".git", "boba-spool")).map((row) => row[6])).toEqual(["one", "two"]);
  });

  test("both spools unusable: still silent, still 0", async () => {
    const box = sandbox();
    const repo = box.repo();
    await install(box, repo);
    mkdirSync(spoolFile(box));
    mkdirSync(join(repo, ".git", "boba-spool"));
    const script = join(box.bobaHome, "git-hooks", "spool.sh");
    const line = `( BOBA_HOOK=post-commit; . '${script}' ) </dev/null 3>&2 >/dev/null 2>&1 || :`;
    const result = spawnSync(shell, ["-e", "-u", "-c", line], { cwd: repo, env: { PATH: "", SHLVL: "2" }, encoding: "utf8" });
    expect([result.status, result.stdout, result.stderr]).toEqual([0, "", ""]);
  });

  test("leaves stdin to whoever comes after", async () => {
    const box = sandbox();
    const repo = box.repo();
    await install(box, repo);
    const script = join(box.bobaHome, "git-hooks", "spool.sh");
    const line = `BOBA_HOOK=post-rewrite; . '${script}'; read -r first; echo "$first"`;
    const result = spawnSync(shell, ["-c", line], { cwd: repo, env: { PATH: "", SHLVL: "2" }, encoding: "utf8", input: "old new\n" });
    expect(result.stdout).toBe("old new\n");
  });
});

test("the script holds no command substitution and starts one program in the background at most", () => {
  const code = readFileSync(join(PROJECT, "hooks", "spool.sh"), "utf8").replace(/^\s*#.*$/gm, "");
  expect(code).not.toMatch(/`|\$\((?!\()/);
  expect(code.match(/[^&>]&\s*$/gm)).toHaveLength(1);
});
