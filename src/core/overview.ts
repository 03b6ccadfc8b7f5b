/** What `boba` alone tells, and what it advises. Pure. */
import type { BudgetStatus } from "./budget.ts";
import type { Footnotes } from "./footnotes.ts";
import type { Counts, Row, Split } from "./summary.ts";

export interface Overview {
  /** The local day, `2026-11-23`. */
  day: string;
  today: Counts;
  week: Counts;
  /** The dearest branches of the last seven days. */
  topBranches: readonly Row[];
  /** The repository around the user; `split` is its current branch's, null for a detached HEAD. */
  here: { repo: string; branch: string | null; known: boolean; split: Split | null } | null;
  /** Spent, not committed yet; in all repositories. */
  pending: Counts;
  /** The limits that spend in this folder counts against. */
  budgets: readonly BudgetStatus[];
  /** Whether the ledger holds any record at all. */
  empty: boolean;
  /** Names of the agents whose logs are read. */
  sources: readonly string[];
  footnotes: Footnotes;
  steps: readonly Step[];
}

export interface Step {
  command: string;
  why: string;
}

/** What to type next, most useful first; never empty. */
export function nextSteps(facts: {
  empty: boolean;
  inRepository: boolean;
  hooksInstalled: boolean;
  unpriced: number;
  today: number;
}): Step[] {
  const steps: Step[] = [];
  if (facts.inRepository && !facts.hooksInstalled)
    steps.push({ command: "boba hooks install", why: "book each commit of this repository as you make it" });
  if (facts.empty) return [...steps, { command: "boba import", why: "read the logs again, and say what was found" }];
  if (facts.unpriced > 0) steps.push({ command: "boba report --by model", why: "see which models have no known price" });
  steps.push({ command: "boba report --by branch", why: "what each branch cost" });
  if (facts.today > 0) steps.push({ command: "boba stats --today --by-model", why: "where today's money went" });
  return steps;
}
