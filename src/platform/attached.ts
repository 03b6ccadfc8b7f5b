/** Runs another program in our place: its terminal, its input and output, its signals and its exit status are its own. */
import { constants } from "node:os";
import { spawnAttached } from "./exec.ts";
import { onSignals, processState, resume, stopSelf } from "./self.ts";

export interface AttachedRun {
  /** The exit status; 128 and the signal's number where one ended it. */
  code: number;
  startedAtMs: number;
  endedAtMs: number;
}

export interface AttachedOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Whether a terminal is attached: what is typed there (Ctrl-C) reaches the program by itself. */
  terminal: boolean;
  now(): number;
}

/** How long a program may take over the hang-up that its terminal sends it, before it is told once more. */
const HANGUP_GRACE_MS = 1000;
/** A terminal's Ctrl-Z stops and continues all of us at once: only what stays stopped was stopped alone. */
const STOPPED_MS = 60;

/**
 * Runs a program to its end. Throws the system's error when it cannot be started.
 *
 * Terminals send SIGINT, SIGQUIT and SIGTSTP to every process of the group, and a change of size as well: those are left to them. What is sent to
 * us alone (SIGTERM, SIGHUP) is passed on. A program that stops itself stops us too, so that the shell takes over; `fg` continues both.
 */
export async function runAttached(program: string, args: readonly string[], options: AttachedOptions): Promise<AttachedRun> {
  const startedAtMs = options.now();
  const child = spawnAttached(program, args, options);
  const kill = (signal: NodeJS.Signals) => void child.kill(signal);
  const leave = () => undefined;
  const typed = options.terminal ? leave : kill;
  let hangup: NodeJS.Timeout | null = null;
  const release = onSignals({
    SIGINT: typed,
    SIGQUIT: typed,
    SIGTERM: kill,
    SIGHUP: (signal) => {
      if (!options.terminal) kill(signal);
      else hangup ??= setTimeout(kill, HANGUP_GRACE_MS, signal);
    },
    SIGCHLD: () => void followStop(child.pid),
  });
  try {
    const [code, signal] = await child.ended;
    return { code: signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0), startedAtMs, endedAtMs: options.now() };
  } finally {
    release();
    if (hangup !== null) clearTimeout(hangup);
  }
}

async function followStop(pid: number | undefined): Promise<void> {
  if (pid === undefined || processState(pid) !== "stopped") return;
  await new Promise((resolve) => setTimeout(resolve, STOPPED_MS));
  if (processState(pid) !== "stopped") return;
  stopSelf();
  // Here again once the shell has continued us.
  resume(pid);
}
