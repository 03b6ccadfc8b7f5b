/** `boba maintenance run|status`: one run at a time, each task's outcome kept. */
import { BobaError } from "../core/errors.ts";
import { isDue, TASKS, type TaskId, type TaskRun, type TaskStatus, toTaskRun } from "../core/maintenance.ts";
import { isAlive, pid } from "../platform/self.ts";
import { transaction } from "../platform/sqlite.ts";
import { releaseLease, takeLease } from "../store/lease.ts";
import { getMeta, setMeta } from "../store/meta.ts";
import { openLedger } from "../store/open.ts";
import type { App } from "./app.ts";
import { RUN } from "./maintenance-tasks.ts";

const LEASE = "maintenance";
const keyOf = (id: TaskId) => `maintenance.${id}`;

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
      const wanted = maintenanceStatus(app).filter(
        (task) => (request.tasks.length === 0 || request.tasks.includes(task.id)) && (!request.due || isDue(task, app.now())),
      );
      for (const { id } of wanted) {
        const run = await runTask(app, id);
        transaction(db, () => setMeta(db, keyOf(id), JSON.stringify(run)));
        // Renewed after each task: a long backup must not look like a dead process.
        takeLease(db, LEASE, pid, app.now(), isAlive);
        app.log.write(run.ok ? "info" : "error", "maintenance", { task: id, durationMs: run.durationMs, told: run.told });
        onDone(id, run);
      }
      const ran = new Set(wanted.map(({ id }) => id));
      return maintenanceStatus(app).filter(({ id }) => ran.has(id));
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
    const told =
      error instanceof BobaError ? `${error.message} (${error.hint})` : `failed (${error instanceof Error ? error.name : "unknown"})`;
    return { startedAtMs, durationMs: app.now() - startedAtMs, ok: false, told };
  }
}

export function maintenanceStatus(app: App): TaskStatus[] {
  const db = openLedger(app.paths.db);
  try {
    return TASKS.map((task) => ({ ...task, last: toTaskRun(getMeta(db, keyOf(task.id))) }));
  } finally {
    db.close();
  }
}
