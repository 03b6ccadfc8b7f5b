/** Runs the built program beside this process, which goes on answering; profiles and secrets as files of a sandbox. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BOBA, type Sandbox } from "../helpers/sandbox.ts";

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  finished: Promise<Finished>;
  /** What it wrote so far. */
  output(): string;
}

export function startBoba(
  box: Sandbox,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string } = {},
): Running {
  const child = spawn(process.execPath, [BOBA, ...args], { cwd: options.cwd ?? box.dir, env: { ...box.env, ...options.env } });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const finished = new Promise<Finished>((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
  return { child, finished, output: () => stdout };
}

export const runBoba = (box: Sandbox, args: readonly string[], options?: Parameters<typeof startBoba>[2]): Promise<Finished> =>
  startBoba(box, args, options).finished;

/** Waits for something that another process does. */
export async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 10));
}

export function writeProfiles(box: Sandbox, profiles: object): void {
  mkdirSync(box.bobaHome, { recursive: true });
  // JSON is YAML.
  writeFileSync(join(box.bobaHome, "profiles.yaml"), JSON.stringify({ profiles }));
}

export function writeSecrets(box: Sandbox, secrets: object): void {
  mkdirSync(box.bobaHome, { recursive: true });
  const path = join(box.bobaHome, "secrets.yaml");
  writeFileSync(path, JSON.stringify({ secrets }));
  chmodSync(path, 0o600);
}
