/** Branches whose work no ref reaches any more: spent, and nothing came of it. Pure. */
import { formatUsd } from "../money.ts";
import { printable, truncate } from "../text.ts";
import { LEAST_SAVING_NANO_USD, median, type Suggestion, suggestion, weight } from "./suggestion.ts";

export interface BranchSum {
  repo: string;
  branch: string;
  /** All that was spent on it. */
  requests: number;
  costNanoUsd: number;
  abandonedRequests: number;
  abandonedNanoUsd: number;
  /** A few of the commits that are gone. */
  commits: readonly string[];
}

const LEAST_REQUESTS = 5;
/** So many other branches tell what one usually costs. */
const LEAST_BRANCHES = 5;
const MOST = 5;

/** The dearest of them. What a branch usually costs would have been spent on any: the saving is what is above that. */
export function abandonedBranches(branches: readonly BranchSum[]): Suggestion[] {
  const others = branches.filter(({ abandonedRequests }) => abandonedRequests === 0).map(({ costNanoUsd }) => costNanoUsd);
  const usual = others.length < LEAST_BRANCHES ? null : median(others);
  return branches
    .filter(({ abandonedRequests, abandonedNanoUsd }) => abandonedRequests >= LEAST_REQUESTS && abandonedNanoUsd >= LEAST_SAVING_NANO_USD)
    .toSorted((a, b) => b.abandonedNanoUsd - a.abandonedNanoUsd)
    .slice(0, MOST)
    .map(({ repo, branch, abandonedRequests, abandonedNanoUsd, commits }) =>
      suggestion("abandoned-branch", `${repo}\0${branch}`, {
        title: `${formatUsd(abandonedNanoUsd)} went into commits of ${truncate(printable(branch), 60)} that no branch holds any more`,
        evidence: {
          requests: abandonedRequests,
          costNanoUsd: abandonedNanoUsd,
          sessions: [],
          commits,
          facts: { repo, branch, ...(usual === null ? {} : { median_branch_usd: usual / 1e9 }) },
        },
        savingNanoUsd: usual === null ? null : Math.max(0, Math.round(abandonedNanoUsd - usual)),
        confidence: weight(abandonedRequests, LEAST_REQUESTS),
        apply: null,
      }),
    );
}
