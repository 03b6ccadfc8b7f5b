/** What is done regularly, and when each part is due. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface TaskPlan {
  id: string;
  title: string;
  everyMs: number;
  /** What settings.yaml must have for it to run. */
  setting?: "maintenance.prune_older_than" | "maintenance.textfile";
}

export const TASKS = [
  { id: "collect", title: "collect, book and push notes that wait", everyMs: HOUR_MS },
  { id: "backup", title: "back up, and remove old backups", everyMs: DAY_MS },
  { id: "logs", title: "put a large log aside", everyMs: DAY_MS },
  { id: "check", title: "check the ledger, every index", everyMs: 7 * DAY_MS },
  { id: "optimize", title: "measure the tables, give free pages back when there are many", everyMs: 7 * DAY_MS },
  { id: "drill", title: "restore the newest backup aside and add up a report", everyMs: 30 * DAY_MS },
  { id: "prices", title: "fetch the newest prices", everyMs: 7 * DAY_MS },
  { id: "prune", title: "archive and remove old records", everyMs: 30 * DAY_MS, setting: "maintenance.prune_older_than" },
  { id: "metrics", title: "write boba.prom", everyMs: HOUR_MS, setting: "maintenance.textfile" },
] as const satisfies readonly TaskPlan[];

export type TaskId = (typeof TASKS)[number]["id"];
export const TASK_IDS: readonly TaskId[] = TASKS.map(({ id }) => id);

/** How a task went the last time. */
export interface TaskRun {
  startedAtMs: number;
  durationMs: number;
  ok: boolean;
  /** One line. */
  told: string;
}

export interface TaskStatus {
  id: TaskId;
  title: string;
  everyMs: number;
  last: TaskRun | null;
  /** The setting that it waits for; absent when it runs. */
  off?: string;
}

/** A timer that fires a little early must not put a task off by a whole round. */
const SLACK_MS = 10 * 60_000;

/** Whether a task is due; one that failed is tried again with the next round. */
export function isDue({ everyMs, last }: Pick<TaskStatus, "everyMs" | "last">, nowMs: number): boolean {
  return last === null || !last.ok || nowMs - last.startedAtMs >= everyMs - SLACK_MS || last.startedAtMs > nowMs;
}

/** A run as it was stored; null for what is none. */
export function toTaskRun(text: string | null): TaskRun | null {
  if (text === null) return null;
  try {
    const found = JSON.parse(text) as Partial<TaskRun> | null;
    const { startedAtMs, durationMs, ok, told } = found ?? {};
    if (typeof startedAtMs !== "number" || typeof durationMs !== "number" || typeof ok !== "boolean" || typeof told !== "string")
      return null;
    return { startedAtMs, durationMs, ok, told };
  } catch {
    // Written by another version: as if it had not run.
    return null;
  }
}
