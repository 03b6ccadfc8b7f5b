/** What this process needs to know of itself and its peers. */

export const pid = process.pid;

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
