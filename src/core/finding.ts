/** What a check-up found: said in words, with the command that mends it. */

export type FindingLevel = "ok" | "warn" | "error";

export interface Finding {
  level: FindingLevel;
  /** What was looked at, in one or two words; stable, for programs. */
  check: string;
  what: string;
  /** What follows from it; null when all is well. */
  why: string | null;
  /** What to type; null when all is well. */
  mend: string | null;
  /** More facts, one a line, for `--verbose`. */
  details: readonly string[];
}

export function fine(check: string, what: string, details: readonly string[] = []): Finding {
  return { level: "ok", check, what, why: null, mend: null, details };
}

/** Something to mend. An `error` keeps boba from doing its work or exposes a secret; a `warn` leaves a gap. */
export function fault(
  level: "warn" | "error",
  check: string,
  told: { what: string; why: string; mend: string; details?: readonly string[] },
): Finding {
  return { level, check, what: told.what, why: told.why, mend: told.mend, details: told.details ?? [] };
}

export function count(findings: readonly Finding[], level: FindingLevel): number {
  return findings.filter((finding) => finding.level === level).length;
}
