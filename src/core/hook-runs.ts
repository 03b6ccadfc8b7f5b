/** How the background runs that hooks start went: how many failed, and how long they took. Pure. */

/** Upper bounds, in seconds; what took longer counts in none of them. */
export const HOOK_BUCKETS_S = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

export interface HookRuns {
  runs: number;
  errors: number;
  sumMs: number;
  /** Runs that took no longer than each bound, each counted in the first bound that holds it. */
  buckets: readonly number[];
}

const NONE: HookRuns = { runs: 0, errors: 0, sumMs: 0, buckets: HOOK_BUCKETS_S.map(() => 0) };

export function withRun(before: HookRuns, run: { ok: boolean; durationMs: number }): HookRuns {
  const durationMs = Math.max(0, run.durationMs);
  const first = HOOK_BUCKETS_S.findIndex((bound) => durationMs <= bound * 1000);
  return {
    runs: before.runs + 1,
    errors: before.errors + (run.ok ? 0 : 1),
    sumMs: before.sumMs + durationMs,
    buckets: before.buckets.map((count, at) => (at === first ? count + 1 : count)),
  };
}

/** As it was stored; from the beginning for what is none (written by another version). */
export function parseHookRuns(text: string | null): HookRuns {
  if (text === null) return NONE;
  try {
    const found = JSON.parse(text) as Partial<HookRuns> | null;
    const { runs, errors, sumMs, buckets } = found ?? {};
    const isWhole = [runs, errors, sumMs, ...(buckets ?? [])].every((value) => typeof value === "number");
    if (!isWhole || buckets?.length !== HOOK_BUCKETS_S.length) return NONE;
    return { runs: runs as number, errors: errors as number, sumMs: sumMs as number, buckets };
  } catch {
    return NONE; // not JSON: as if nothing had run
  }
}
