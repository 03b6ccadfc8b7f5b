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
  /** What `boba doctor --fix` does about it; null when it leaves that to the user. */
  fix: string | null;
  /** More facts, one a line, for `--verbose`. */
  details: readonly string[];
}

/** What `--fix` did about one finding. */
export interface Fix {
  check: string;
  what: string;
  /** Whether the finding is gone now. */
  mended: boolean;
  /** What was done, or why it was left. */
  told: string;
}

export function fine(check: string, what: string, details: readonly string[] = []): Finding {
  return { level: "ok", check, what, why: null, mend: null, fix: null, details };
}

/** Something to mend. An `error` keeps boba from doing its work or exposes a secret; a `warn` leaves a gap. */
export function fault(
  level: "warn" | "error",
  check: string,
  told: { what: string; why: string; mend: string; details?: readonly string[] },
): Finding {
  return { level, check, what: told.what, why: told.why, mend: told.mend, fix: null, details: told.details ?? [] };
}

export function count(findings: readonly Finding[], level: FindingLevel): number {
  return findings.filter((finding) => finding.level === level).length;
}

/** How many findings `--fix` would do something about. */
export function countFixable(findings: readonly Finding[]): number {
  return findings.filter(({ fix }) => fix !== null).length;
}
