/** The lines below every report: what is missing from the figures, and what the figures are. */
import type { Footnotes } from "../core/footnotes.ts";
import { counted, formatShare, groupDigits } from "../core/money.ts";
import type { EvidenceShares, Reason, Summary } from "../core/summary.ts";

const MAX_MODELS = 5;

/** `clean` makes text of others fit for the format. */
export function footerLines(footnotes: Footnotes, clean: (text: string) => string): string[] {
  const lines: string[] = [];
  const { unpricedModels, skipped } = footnotes;
  if (unpricedModels.length > 0) {
    const sum = unpricedModels.reduce((all, [, requests]) => all + requests, 0);
    const named = unpricedModels.slice(0, MAX_MODELS).map(([model, requests]) => `${clean(model)} (${groupDigits(requests)})`);
    const more = unpricedModels.length > MAX_MODELS ? [`${unpricedModels.length - MAX_MODELS} more models`] : [];
    lines.push(`Unpriced: ${counted(sum, "request")}, not in the cost: ${[...named, ...more].join(", ")}`);
  }
  if (skipped.lines + skipped.files > 0) {
    const what = [
      ...(skipped.lines > 0 ? [counted(skipped.lines, "line")] : []),
      ...(skipped.files > 0 ? [counted(skipped.files, "file")] : []),
    ];
    const reasons = Object.entries(skipped.reasons).map(([reason, times]) => `${clean(reason)} (${groupDigits(times)})`);
    lines.push(`Skipped: ${what.join(" and ")} that could not be read: ${reasons.join(", ")}`);
  }
  lines.push("API list prices, not an invoice.");
  return lines;
}

/** The lines that only some summaries have: what rests on which evidence, what could not be told, what others shared. */
export function summaryLines(summary: Summary, clean: (text: string) => string): string[] {
  const { evidence, stateGaps = [], shared } = summary;
  const lines: string[] = [];
  const booked = evidence === undefined ? null : evidenceLine(evidence);
  // Notes do not tell on what evidence a cell was booked.
  if (booked !== null) lines.push(shared === undefined ? booked : `${booked} (of this machine's records)`);
  for (const { repo, reason } of stateGaps)
    lines.push(`Not told shipped from open: ${clean(repo)} (${reason}); its commits count as open.`);
  if (shared !== undefined) lines.push(sharedLine(shared));
  return lines;
}

/** Another clone is a colleague's, one's own on another machine, or that of a pipeline which carried cells along. */
function sharedLine({ writers, cells, skipped }: NonNullable<Summary["shared"]>): string {
  const unread = skipped === 0 ? "" : `; ${counted(skipped, "entry").replace("entrys", "entries")} could not be read`;
  if (writers === 0) return `Shared: no notes of others here${unread}: boba notes fetch`;
  const others = counted(writers, "other clone");
  return cells === 0
    ? `Shared: notes of ${others}, nothing new in them${unread}.`
    : `Shared: ${counted(cells, "cell")} from the notes of ${others}${unread}.`;
}

/** By cost; by requests where nothing has a price. */
function evidenceLine(evidence: EvidenceShares): string | null {
  const kinds = ["files", "sequence", "time"] as const;
  const sum = (pick: (part: EvidenceShares["files"]) => number) => kinds.reduce((all, kind) => all + pick(evidence[kind]), 0);
  if (sum(({ requests }) => requests) === 0) return null;
  const pick = (part: EvidenceShares["files"]) => (sum(({ costNanoUsd }) => costNanoUsd) > 0 ? part.costNanoUsd : part.requests);
  const share = (kind: (typeof kinds)[number]) => `${kind} ${formatShare(pick(evidence[kind]), sum(pick)).replace("%", " %")}`;
  return `booked by ${kinds.map(share).join(", ")}`;
}

/** `commit: files 3, time 1; rebase: hint 4`. */
export function reasonText(reasons: readonly Reason[]): string {
  const ways = new Map<string, string[]>();
  for (const { via, evidence, requests } of reasons) ways.set(via, [...(ways.get(via) ?? []), `${evidence} ${groupDigits(requests)}`]);
  return [...ways].map(([via, parts]) => `${via}: ${parts.join(", ")}`).join("; ");
}
