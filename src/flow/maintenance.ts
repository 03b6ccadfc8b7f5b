/** `boba maintenance run|status`: one run at a time, each task's outcome kept. */
import { loadSettings } from "../config/settings.ts";
import { BobaError } from "../core/errors.ts";
import { isDue, TASKS, type TaskId, type TaskRun, type TaskStatus, toTaskRun } from "../core/maintenance.ts";
import { isAlive, pid } from "../platform/self.ts";
import { transactionInAny } from "../platform/sqlite.ts";
import { releaseLease, takeLease } from "../store/lease.ts";
import { getMeta, setMeta } from "../store/meta.ts";
import { openLedger } from "../store/open.ts";
import type { App } from "./app.ts";
import { knownError } from "./known-error.ts";
import { withLedger } from "./ledger.ts";
import { RUN } from "./maintenance-tasks.ts";

const LEASE = "maintenance";
export const keyOf = (id: TaskId) => `maintenance.${id}`;

export interface MaintenanceRequest {
  /** Only these; all when empty. */
  tasks: readonly TaskId[];
  /** Only what is due. */
  due: boolean;
}

/** Null when another run is at work. A task that fails is told and does not stop the others. */
export async function runMaintenance(
  app: App,
  request: MaintenanceRequest,
  onDone: (id: TaskId, run: TaskRun) => void,
): Promise<TaskStatus[] | null> {
  const db = openLedger(app.paths.db);
  try {
    if (!takeLease(db, LEASE, pid, app.now(), isAlive)) return null;
    try {
      const asked = (task: TaskStatus) => (task.off === undefined && request.tasks.length === 0) || request.tasks.includes(task.id);
      const wanted = (await maintenanceStatus(app)).filter(
        (task) => asked(task) && (!request.due || (task.off === undefined && isDue(task, app.now()))),
      );
      for (const { id, off } of wanted) {
        if (off !== undefined) {
          // Not kept: it is due as soon as it is switched on.
          onDone(id, { startedAtMs: app.now(), durationMs: 0, ok: true, told: `off (${off} in settings.yaml)` });
          continue;
        }
        const run = await runTask(app, id);
        transactionInAny(db, () => setMeta(db, keyOf(id), JSON.stringify(run)));
        app.log.write(run.ok ? "info" : "error", "maintenance", { task: id, durationMs: run.durationMs, told: run.told });
        onDone(id, run);
        // A task may take longer than a lease holds: another run has then taken over, and the rest is its.
        if (!takeLease(db, LEASE, pid, app.now(), isAlive)) break;
      }
      const ran = new Set(wanted.map(({ id }) => id));
      return (await maintenanceStatus(app)).filter(({ id }) => ran.has(id));
    } finally {
      releaseLease(db, LEASE, pid);
    }
  } finally {
    db.close();
  }
}

async function runTask(app: App, id: TaskId): Promise<TaskRun> {
  const startedAtMs = app.now();
  try {
    const told = await RUN[id](app);
    return { startedAtMs, durationMs: app.now() - startedAtMs, ok: true, told };
  } catch (error) {
    // Our own errors say what to do; of others only the kind, since messages may quote what was read.
    const known = knownError(app, error);
    const told =
      known instanceof BobaError ? `${known.message} (${known.hint})` : `failed (${known instanceof Error ? known.name : "unknown"})`;
    return { startedAtMs, durationMs: app.now() - startedAtMs, ok: false, told };
  }
}

/** @throws BobaError for a settings.yaml that cannot be read. */
export async function maintenanceStatus(app: App): Promise<TaskStatus[]> {
  const { maintenance } = await loadSettings(app.paths);
  const isSet = {
    "maintenance.prune_older_than": maintenance.prune_older_than !== null,
    "maintenance.textfile": maintenance.textfile !== null,
  };
  return withLedger(app, (db) =>
    TASKS.map((task) => {
      const { id, title, everyMs } = task;
      const off = "setting" in task && !isSet[task.setting] ? { off: task.setting } : {};
      return { id, title, everyMs, last: toTaskRun(getMeta(db, keyOf(id))), ...off };
    }),
  );
}
