/** Every command, in one list. Only the module of the command that was typed is loaded; `--help` loads them all. */
import type { CommandClass } from "clipanion";
import type { Context } from "../context.ts";

export interface CommandEntry {
  /** The words that select it, as in the module's `static paths`. Empty: `boba` alone. */
  words: readonly string[];
  load: () => Promise<{ default: CommandClass<Context> }>;
}

export const COMMANDS: readonly CommandEntry[] = [
  { words: [], load: () => import("./overview.ts") },
  { words: ["report"], load: () => import("./report.ts") },
  { words: ["stats"], load: () => import("./stats.ts") },
  { words: ["audit"], load: () => import("./audit.ts") },
  { words: ["backfill"], load: () => import("./backfill.ts") },
  { words: ["backup"], load: () => import("./backup.ts") },
  { words: ["backup", "list"], load: () => import("./backup-list.ts") },
  { words: ["backup", "prune"], load: () => import("./backup-prune.ts") },
  { words: ["backup", "verify"], load: () => import("./backup-verify.ts") },
  { words: ["restore"], load: () => import("./restore.ts") },
  { words: ["completions"], load: () => import("./completions.ts") },
  { words: ["db", "analyze"], load: () => import("./db-analyze.ts") },
  { words: ["db", "check"], load: () => import("./db-check.ts") },
  { words: ["db", "info"], load: () => import("./db-info.ts") },
  { words: ["db", "prune"], load: () => import("./db-prune.ts") },
  { words: ["db", "recover"], load: () => import("./db-recover.ts") },
  { words: ["db", "vacuum"], load: () => import("./db-vacuum.ts") },
  { words: ["doctor"], load: () => import("./doctor.ts") },
  { words: ["drain"], load: () => import("./drain.ts") },
  { words: ["edit"], load: () => import("./edit.ts") },
  { words: ["export"], load: () => import("./export.ts") },
  { words: ["init"], load: () => import("./init.ts") },
  { words: ["import"], load: () => import("./import.ts") },
  { words: ["hooks", "install"], load: () => import("./hooks-install.ts") },
  { words: ["hooks", "uninstall"], load: () => import("./hooks-uninstall.ts") },
  { words: ["hooks", "remove"], load: () => import("./hooks-uninstall.ts") },
  { words: ["hooks", "status"], load: () => import("./hooks-status.ts") },
  { words: ["ci"], load: () => import("./ci.ts") },
  { words: ["ci", "carry"], load: () => import("./ci-carry.ts") },
  { words: ["logs"], load: () => import("./logs.ts") },
  { words: ["maintenance", "run"], load: () => import("./maintenance-run.ts") },
  { words: ["maintenance", "start"], load: () => import("./maintenance-start.ts") },
  { words: ["maintenance", "status"], load: () => import("./maintenance-status.ts") },
  { words: ["maintenance", "stop"], load: () => import("./maintenance-stop.ts") },
  { words: ["metrics"], load: () => import("./metrics.ts") },
  { words: ["notes", "fetch"], load: () => import("./notes-fetch.ts") },
  { words: ["notes", "push"], load: () => import("./notes-push.ts") },
  { words: ["notes", "show"], load: () => import("./notes-show.ts") },
  { words: ["notes", "status"], load: () => import("./notes-status.ts") },
  { words: ["pricing"], load: () => import("./pricing-list.ts") },
  { words: ["pricing", "list"], load: () => import("./pricing-list.ts") },
  { words: ["pricing", "update"], load: () => import("./pricing-update.ts") },
  { words: ["pricing", "reprice"], load: () => import("./pricing-reprice.ts") },
  { words: ["show"], load: () => import("./show.ts") },
  { words: ["sources"], load: () => import("./sources.ts") },
  { words: ["sources", "add"], load: () => import("./sources-paths.ts") },
  { words: ["sources", "remove"], load: () => import("./sources-paths.ts") },
  { words: ["sources", "enable"], load: () => import("./sources-switch.ts") },
  { words: ["sources", "disable"], load: () => import("./sources-switch.ts") },
  { words: ["version"], load: () => import("./version.ts") },
];
