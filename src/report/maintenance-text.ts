/** What `boba maintenance` prints. */
import type { TaskRun, TaskStatus } from "../core/maintenance.ts";
import { isDue } from "../core/maintenance.ts";
import { printable, safeJson } from "../core/text.ts";
import { layoutTable } from "./layout.ts";
import { paintFor, type Screen } from "./paint.ts";

const DAY_MS = 86_400_000;

export const runLine = (id: string, { ok, told, durationMs }: TaskRun): string =>
  `${ok ? "ok    " : "FAILED"}  ${id.padEnd(9)} ${(durationMs / 1000).toFixed(1).padStart(6)} s  ${printable(told)}`;

/** `boba.maintenance/1`. */
export const maintenanceJson = (tasks: readonly TaskStatus[], scheduledBy: string | null): string =>
  safeJson({ schema: "boba.maintenance/1", scheduled_by: scheduledBy, tasks });

export function statusTable(
  tasks: readonly TaskStatus[],
  scheduledBy: string | null,
  screen: Screen,
  nowMs: number,
  when: (atMs: number) => string,
): string {
  const cells = (cell: (task: TaskStatus) => string) => tasks.map(cell);
  const columns = [
    { title: "task", align: "left" as const, drop: 0, cells: cells(({ id }) => id) },
    { title: "every", align: "left" as const, drop: 1, cells: cells(({ everyMs }) => every(everyMs)) },
    {
      title: "last run",
      align: "left" as const,
      drop: 0,
      cells: cells(({ last }) => (last === null ? "never" : when(last.startedAtMs))),
    },
    {
      title: "took",
      align: "right" as const,
      drop: 2,
      cells: cells(({ last }) => (last === null ? "-" : `${(last.durationMs / 1000).toFixed(1)} s`)),
    },
    { title: "outcome", align: "left" as const, drop: 0, cells: cells((task) => outcome(task, nowMs)), least: 20 },
  ];
  const scheduled =
    scheduledBy === null
      ? "Not scheduled: boba maintenance start has it run every hour."
      : scheduledBy === "unknown"
        ? "Whether it is scheduled is unknown: the crontab cannot be read (crontab -l says why)."
        : `Scheduled by ${scheduledBy}, every hour what is due.`;
  return [...layoutTable(columns, screen.columns, paintFor(screen)), "", scheduled].join("\n");
}

function outcome(task: TaskStatus, nowMs: number): string {
  const { last, off } = task;
  if (off !== undefined) return `off (${off} in settings.yaml)`;
  if (last === null) return "due";
  return `${last.ok ? "" : "FAILED: "}${printable(last.told)}${last.ok && isDue(task, nowMs) ? " (due)" : ""}`;
}

function every(ms: number): string {
  const days = Math.round(ms / DAY_MS);
  if (days < 1) return "hour";
  return days === 1 ? "day" : days === 7 ? "week" : "month";
}
