/** What this process needs to know of itself and its peers. */

export const pid = process.pid;

/** Null where users have no numbers. */
export const userId = process.getuid?.() ?? null;

/** Which permissions new files do not get; returns what it was. */
export function setUmask(mask: number): number {
  return process.umask(mask);
}

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
