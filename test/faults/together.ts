/** Several processes of boba at once, and what they say. */
import { spawn } from "node:child_process";
import { BOBA, type Sandbox } from "../helpers/sandbox.ts";

export interface Said {
  args: string;
  status: number | null;
  stdout: string;
  stderr: string;
}

export function start(box: Sandbox, args: readonly string[], cwd = box.dir): Promise<Said> {
  const child = spawn(process.execPath, [BOBA, ...args], { cwd, env: box.env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ args: args.join(" "), status, stdout, stderr }));
  });
}

/** All of them at the same time. */
export const atOnce = (box: Sandbox, ...commands: readonly (readonly string[])[]): Promise<Said[]> =>
  Promise.all(commands.map((args) => start(box, args)));

/** What is allowed to be said when two do the same: nothing, or that the other one is at it. */
const isFine = ({ status, stderr }: Said): boolean =>
  (status === 0 && stderr === "") || /^boba: another [\w ]+ is (running|at work)( \[BOBA-DB-31\]\n {2}\S.+)?\n$/.test(stderr);

/** What went wrong, in words. */
export const troubles = (said: readonly Said[]): string[] =>
  said
    .filter((one) => !isFine(one))
    .map(({ args, status, stdout, stderr }) => `boba ${args}: exit ${status}: ${stderr}${status === 0 ? "" : stdout.slice(-300)}`);
