/** What a run of an agent spent, in a line. */
import { counted, formatCost, formatTokens } from "../core/money.ts";
import { type Counts, totalTokens } from "../core/summary.ts";
import { printable } from "../core/text.ts";

/** `boba: 3 requests, 12.4K tokens, $0.34 through work`. */
export function runLine(counts: Counts, profile: string | null): string {
  const figures = [counted(counts.requests, "request"), `${formatTokens(totalTokens(counts))} tokens`, formatCost(counts)];
  return `boba: ${figures.join(", ")}${profile === null ? "" : ` through ${printable(profile)}`}`;
}
