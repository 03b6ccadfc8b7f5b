/** The one line that a commit in the hooks' mode `summary` prints. */
import { counted, formatCost, formatTokens } from "../core/money.ts";
import { type Counts, totalTokens } from "../core/summary.ts";
import { printable } from "../core/text.ts";

/** `boba: 3 requests, 12.4K tokens, $0.34 on feat/x`. */
export function commitLine({ sha, branch, counts }: { sha: string; branch: string | null; counts: Counts }): string {
  const tokens = totalTokens(counts);
  const figures = [counted(counts.requests, "request"), `${formatTokens(tokens)} token${tokens === 1 ? "" : "s"}`, formatCost(counts)];
  return `boba: ${figures.join(", ")} on ${branch === null ? sha.slice(0, 8) : printable(branch)}`;
}
