/** `boba run`: an agent with a profile's credentials for that process alone; afterwards what it spent is collected. */
import { BobaError, EXIT } from "../core/errors.ts";
import type { Counts } from "../core/summary.ts";
import { runAttached } from "../platform/attached.ts";
import { hasCode } from "../platform/fs.ts";
import { transaction } from "../platform/sqlite.ts";
import { nameProfile, runCounts } from "../store/run-records.ts";
import type { App } from "./app.ts";
import { checkBudgets } from "./budget.ts";
import { openPlacer } from "./places.ts";
import { openView } from "./refresh.ts";
import { planRun, runEnv, type RunPlan } from "./run-plan.ts";

export interface RunRequest {
  tool: string;
  args: readonly string[];
  profile: string | null;
  /** Whether a terminal is attached to the agent. */
  terminal: boolean;
  /** Takes a line for the user, before the agent starts. */
  tell(line: string): void;
}

export interface RunOutcome {
  /** The agent's own exit status; 128 and the signal's number where one ended it. */
  code: number;
  profile: string | null;
  /** What its sessions spent while it ran; null when the ledger could not be read. */
  counts: Counts | null;
  /** What kept the figures from being complete. */
  warnings: readonly string[];
}

/** @throws BobaError before anything is started: BOBA-USE-60, -66, -67 (no such program), BOBA-SEC-1, BOBA-BUD-1 (a budget is used up). */
export async function runTool(app: App, request: RunRequest): Promise<RunOutcome> {
  const plan = await planRun(app, request.tool, request.args, request.profile);
  const { refused, alerts } = await checkBudgets(app, { profile: plan.profile?.name ?? null, cwd: app.cwd, import: true });
  for (const alert of alerts) request.tell(alert);
  if (refused !== null) throw refused;
  const env = await runEnv(app, plan);
  const run = await start(plan, { cwd: app.cwd, env, terminal: request.terminal, now: () => app.now() });
  app.log.write("info", "run", { profile: plan.profile?.name ?? null, code: run.code, durationMs: run.endedAtMs - run.startedAtMs });
  const span = { fromMs: run.startedAtMs, toMs: run.endedAtMs };
  return { code: run.code, profile: plan.profile?.name ?? null, ...(await meter(app, plan, span)) };
}

async function start({ program, args }: RunPlan, options: Parameters<typeof runAttached>[2]) {
  try {
    return await runAttached(program, args, options);
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    // A folder of the PATH that is closed to the user makes it EACCES wherever the program is not.
    const why =
      hasCode(error, "ENOENT") || (hasCode(error, "EACCES") && !program.includes("/"))
        ? "is not installed, or not on your PATH"
        : `cannot be started (${"code" in error ? String(error.code) : "unknown error"})`;
    // The system's own error repeats the command line.
    throw new BobaError("BOBA-USE-67", EXIT.usage, `${program} ${why}`, "install it, or give the profile's command with its whole path");
  }
}

/** Collects like a drain. Whatever fails here, the agent's exit status is what counts. */
async function meter(app: App, { profile, known }: RunPlan, span: { fromMs: number; toMs: number }) {
  try {
    const view = await openView(app, { import: true });
    try {
      const placer = openPlacer(view.db, app.env);
      await placer.resolve(new Set([app.cwd]), new Set());
      const worktree = placer.placeOf(app.cwd)?.worktreeId ?? -1;
      const run = { tool: known?.source ?? null, worktree, ...span };
      if (profile !== null) transaction(view.db, () => nameProfile(view.db, run, profile.name));
      return { counts: runCounts(view.db, run), warnings: view.warnings };
    } finally {
      view.close();
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    app.log.write("error", "run not metered", { message: error.message });
    return { counts: null, warnings: [`not metered: ${error.message}`] };
  }
}
