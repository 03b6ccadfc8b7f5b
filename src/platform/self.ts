/** What this process needs to know of itself and its peers. */
import { readFileSync } from "node:fs";

export const pid = process.pid;

/** Null where users have no numbers. */
export const userId = process.getuid?.() ?? null;

/** Which permissions new files do not get; returns what it was. */
export function setUmask(mask: number): number {
  return process.umask(mask);
}

/** E.g. `x64`. */
export const architecture = process.arch;

/** E.g. `20.19.0`. */
export const nodeVersion = process.versions.node;

/** Whether a process with this id runs (it may be another user's). */
export function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Ends a process and all it started, if it leads a group of its own. False when there is no such group. */
export function killGroup(leader: number | undefined): boolean {
  try {
    return leader !== undefined && process.kill(-leader, "SIGKILL");
  } catch {
    return false; // gone already, or no groups on this system: the caller ends the process alone
  }
}

/** Resolves when this process is told to end (Ctrl-C, `kill`), once. A second time ends it at once. */
export function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

type Handlers = Partial<Readonly<Record<NodeJS.Signals, (signal: NodeJS.Signals) => void>>>;

/** Handles signals from now on; returns what gives them back to the system. */
export function onSignals(handlers: Handlers): () => void {
  const entries = Object.entries(handlers) as [NodeJS.Signals, (signal: NodeJS.Signals) => void][];
  for (const [signal, handler] of entries) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of entries) process.off(signal, handler);
  };
}

/** Whether a process runs or was stopped (Ctrl-Z); "unknown" where the system has no `/proc` to tell. */
export function processState(id: number): "running" | "stopped" | "unknown" {
  try {
    // `pid (name) state ...`; a name may hold anything, brackets included.
    const stat = readFileSync(`/proc/${id}/stat`, "latin1");
    return /^[Tt]$/.test(stat.slice(stat.lastIndexOf(")") + 2)[0] ?? "") ? "stopped" : "running";
  } catch {
    return "unknown"; // gone, or a system without /proc
  }
}

/** Stops this process until the shell continues it. */
export function stopSelf(): void {
  process.kill(process.pid, "SIGSTOP");
}

/** Continues a stopped process. */
export function resume(id: number): void {
  try {
    process.kill(id, "SIGCONT");
  } catch {
    // It has ended meanwhile.
  }
}
