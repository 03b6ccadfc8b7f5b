/** What is typed as a key is never shown, on a real terminal. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { BOBA, sandbox, type Sandbox } from "../helpers/sandbox.ts";
import { until } from "./run-boba.ts";

const { error, stdout } = spawnSync("script", ["--version"], { encoding: "utf8" });
const hasTerminals = error === undefined && stdout.includes("util-linux");

/** Types `keys` once the question is there; without `script` they come through a pipe. */
async function type(box: Sandbox, keys: string): Promise<{ code: unknown; screen: string }> {
  const words = [process.execPath, BOBA, "secrets", "set", "main"];
  const shell = `exec ${words.map((word) => `'${word}'`).join(" ")}`;
  const program = hasTerminals ? "script" : process.execPath;
  const args = hasTerminals ? ["-qec", shell, "/dev/null"] : words.slice(1);
  const child = spawn(program, args, { cwd: box.dir, env: box.env });
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (screen += text));
  const ended = new Promise((resolve) => child.on("close", resolve));
  if (hasTerminals) await until(() => screen.includes("Key for main: "));
  child.stdin.write(keys);
  return { code: await ended, screen };
}

it("takes what is typed and pasted, with corrections, and shows none of it", async () => {
  const box = sandbox();
  // On a terminal: a paste in brackets, a letter taken back, a cursor key. A pipe holds no keys.
  const keys = hasTerminals ? "\u001b[200~sk-SENTINEL-\u001b[201~typedX\u007f\u001b[C-é\r" : "sk-SENTINEL-typed-é\n";
  const { code, screen } = await type(box, keys);
  expect(code).toBe(0);
  expect(readFileSync(join(box.bobaHome, "secrets.yaml"), "utf8")).toContain("sk-SENTINEL-typed-é");
  expect(screen).toContain("main is stored (file)");
  expect(screen).not.toMatch(/SENTINEL|typed/);
});

it("stores nothing after Ctrl-C", async () => {
  const box = sandbox();
  const { code, screen } = await type(box, hasTerminals ? "sk-SENTINEL\u0003" : "\n");
  expect(code).toBe(hasTerminals ? 10 : 2);
  expect(existsSync(join(box.bobaHome, "secrets.yaml"))).toBe(false);
  expect(screen).not.toContain("SENTINEL");
});
