/** The door to other programs: never a shell, always bounded in time and in bytes. */
import { type ChildProcess, spawn } from "node:child_process";
import { killGroup, setUmask } from "./self.ts";

export interface RunOptions {
  cwd?: string;
  env: NodeJS.ProcessEnv;
  /** Written to stdin, which is then closed. */
  input?: string | Buffer;
  timeoutMs?: number;
  maxBytes?: number;
  /** In a session of its own: it has no terminal to ask at, and whatever it starts ends with it when time is up. */
  ownGroup?: boolean;
}

export interface RunResult {
  /** Exit status; 127 when the program could not be started, 124 when it ran out of time or bytes. */
  code: number;
  stdout: Buffer;
  stderr: string;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/** Runs a program to its end. Never throws: a program that cannot start is a result with status 127. */
export function run(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = started(() =>
      spawn(program, args, { cwd: options.cwd, env: options.env, windowsHide: true, detached: options.ownGroup ?? false }),
    );
    if (typeof child === "string") {
      resolve({ code: 127, stdout: Buffer.alloc(0), stderr: child });
      return;
    }
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let bytes = 0;
    let cut = false;
    const stop = () => {
      cut = true;
      if (options.ownGroup !== true || !killGroup(child.pid)) child.kill("SIGKILL");
      // What the child itself started (git's transport) may live on and hold the pipes: it is not waited for.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timer = setTimeout(stop, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const keep = (list: Buffer[]) => (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > (options.maxBytes ?? DEFAULT_MAX_BYTES)) stop();
      else list.push(chunk);
    };
    const finish = (code: number, extra = "") => {
      clearTimeout(timer);
      resolve({ code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString("utf8") + extra });
    };
    child.stdout.on("data", keep(out));
    child.stderr.on("data", keep(err));
    child.on("error", (error) => finish(127, error.message));
    child.on("close", (code) => finish(cut ? 124 : (code ?? 128)));
    // A child that exits before it has read everything breaks the pipe; its exit status tells the story.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}

/** Some failures to start are thrown (a folder that is a file now), and without descriptors left there are no pipes: both are told in words. */
function started<C extends ChildProcess>(start: () => C): C | string {
  try {
    const child = start();
    if ((child as Partial<ChildProcess>).stdout !== undefined) return child;
    child.on("error", () => undefined);
    return "no descriptors are left";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export interface TerminalOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Files that it makes are closed to other accounts. */
  closed: boolean;
}

/** Runs a program on our own terminal to its end; its exit status, 127 when it could not be started. */
export function runOnTerminal(program: string, args: readonly string[], { cwd, env, closed }: TerminalOptions): Promise<number> {
  const before = closed ? setUmask(0o077) : null;
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: "inherit" });
    if (before !== null) setUmask(before);
    child.on("error", () => resolve(127));
    child.on("close", (code) => resolve(code ?? 128));
  });
}

/** Starts a program that outlives us, with no descriptor of ours. Failure to start is ignored: it is always optional work. */
export function spawnDetached(program: string, args: readonly string[], options: { cwd?: string; env: NodeJS.ProcessEnv }): void {
  const child = started(() => spawn(program, args, { ...options, detached: true, stdio: "ignore", windowsHide: true }));
  if (typeof child === "string") return;
  child.on("error", () => undefined);
  child.unref();
}

export interface AttachedChild {
  pid: number | undefined;
  kill(signal: NodeJS.Signals): boolean;
  /** Exit status and signal; fails with the system's error when it could not be started. */
  ended: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
}

/** Starts a program on our own input, output and terminal, in our own group. */
export function spawnAttached(program: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): AttachedChild {
  const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: "inherit" });
  const ended = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve([code, signal]));
  });
  return { pid: child.pid, kill: (signal) => child.kill(signal), ended };
}
