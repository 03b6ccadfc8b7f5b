/** Nobody reads on: what has an end is done and ends as it would have, what has none ends. */
import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";

/** Runs boba with the reading end of one output closed from the start. */
function unread({ env, home }: Sandbox, args: readonly string[], closed: "stdout" | "stderr"): Promise<number | null> {
  const child = spawn(process.execPath, [BOBA, ...args], { env, cwd: home, stdio: ["ignore", "pipe", "pipe"] });
  child[closed].destroy();
  child[closed === "stdout" ? "stderr" : "stdout"].resume();
  return new Promise((resolve) => child.on("exit", (code) => resolve(code)));
}

test("a failure stays one, though nobody reads why", async () => {
  expect(await unread(sandbox(), ["restore", "/nonexistent"], "stderr")).toBe(2);
});

test("a check that finds an error ends with 1, though nobody reads which", async () => {
  const box = sandbox();
  box.boba(["init"]);
  box.write(box.bobaHome, "settings.yaml", "hooks: loud\n");
  expect(await unread(box, ["doctor"], "stdout")).toBe(1);
});

test("work that tells of itself on the way is done to its end", async () => {
  const box = sandbox();
  box.boba(["init"]);
  expect(await unread(box, ["maintenance", "run"], "stdout")).toBe(0);
  const { tasks } = box.json(["maintenance", "status"]);
  const done = tasks.filter((task: any) => task.last !== null);
  expect(done.length).toBeGreaterThan(3);
});

test("a log that is followed ends when its reader goes", async () => {
  const box = sandbox();
  box.boba(["init"]);
  box.boba(["import"], { env: { BOBA_LOG_LEVEL: "trace" } });
  const child = spawn(process.execPath, [BOBA, "logs", "--follow"], { env: box.env, cwd: box.home, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  child.stdout.destroy();
  const line = JSON.stringify({ time: new Date().toISOString(), level: "info", event: "written by hand" });
  const { appendFileSync, mkdirSync } = await import("node:fs");
  mkdirSync(`${box.bobaHome}/logs`, { recursive: true });
  const writing = setInterval(() => appendFileSync(`${box.bobaHome}/logs/boba.log`, `${line}\n`), 100);
  expect(await ended).toBe(0);
  clearInterval(writing);
});
