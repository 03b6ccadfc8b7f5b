/** What `boba doctor --fix` does. A remedy makes, closes, books or brings up to date; none deletes what a user wrote. */
import { BobaError } from "../core/errors.ts";
import type { Finding, Fix } from "../core/finding.ts";

export interface Remedy {
  /** Findings with the same key are mended together, once. */
  key: string;
  /** What it does, for people. */
  does: string;
  /** Returns why it was left, or null when it was done. Throws what the system or boba itself throws. */
  apply(): Promise<string | null> | string | null;
}

/** A finding with what mends it. */
export interface Diagnosis extends Finding {
  readonly remedy?: Remedy;
}

export const withRemedy = (finding: Finding, remedy: Remedy): Diagnosis => ({ ...finding, fix: remedy.does, remedy });

/** Applies every remedy once; the reason by finding, null where it was done. */
export async function applyRemedies(found: readonly Diagnosis[]): Promise<Map<Diagnosis, string | null>> {
  const byKey = new Map<string, string | null>();
  const results = new Map<Diagnosis, string | null>();
  for (const diagnosis of found) {
    const { level, remedy, mend } = diagnosis;
    if (level === "ok") continue;
    if (remedy === undefined) results.set(diagnosis, `yours to decide: ${mend ?? ""}`);
    else {
      if (!byKey.has(remedy.key)) byKey.set(remedy.key, await attempt(remedy));
      results.set(diagnosis, byKey.get(remedy.key) ?? null);
    }
  }
  return results;
}

async function attempt(remedy: Remedy): Promise<string | null> {
  try {
    return await remedy.apply();
  } catch (error) {
    if (error instanceof BobaError) return `${error.message}: ${error.hint}`;
    const code = error instanceof Error && "code" in error ? String(error.code) : null;
    if (code === null) throw error;
    return `the system says no (${code})`;
  }
}

/** What became of each finding, judged by a second look: what is still there was not mended, whatever a remedy said. */
export function outcomes(applied: ReadonlyMap<Diagnosis, string | null>, after: readonly Finding[]): Fix[] {
  return [...applied].map(([{ check, what, fix }, left]) => {
    const isThere = after.some((finding) => finding.level !== "ok" && finding.check === check && finding.what === what);
    if (left !== null) return { check, what, mended: false, told: left };
    return isThere ? { check, what, mended: false, told: "it is still so after that" } : { check, what, mended: true, told: fix ?? "" };
  });
}
