/** `boba show` for a terminal: a block a commit, a line a cell. */
import type { Cell } from "../core/cell.ts";
import { cellTokens } from "../core/cell.ts";
import { countSkipped, type RangeCost, type Skipped, sumCells, type Sums } from "../core/ci.ts";
import { counted } from "../core/money.ts";
import type { Reason } from "../core/summary.ts";
import { skippedText } from "./ci-markdown.ts";
import { reasonText } from "./footer.ts";
import { formatCount, formatNotedUsd, plainLine } from "./usd.ts";

const HEAD = ["tool", "model", "branch", "requests", "tokens", "cost"];

export function showTable(cost: RangeCost, skipped: Skipped, why: ReadonlyMap<string, readonly Reason[]> | null = null): string {
  const rows = cost.commits.map(({ cells }) => cells.map(cellRow));
  const widths = HEAD.map((name, at) => Math.max(name.length, ...rows.flat().map((row) => [...(row[at] ?? "")].length)));
  const align = (row: readonly string[]) =>
    row
      .map((text, at) =>
        at < 3 ? text + " ".repeat((widths[at] ?? 0) - [...text].length) : " ".repeat((widths[at] ?? 0) - [...text].length) + text,
      )
      .join("  ")
      .trimEnd();
  const lines: string[] = [];
  for (const [at, { sha, subject, cells }] of cost.commits.entries()) {
    lines.push(`${sha.slice(0, 7)} ${plainLine(subject, 90)}`);
    if (cells.length === 0) lines.push("  no data");
    else lines.push(`  ${align(HEAD)}`, ...(rows[at] ?? []).map((row) => `  ${align(row)}`), `  total ${inWords(sumCells(cells))}`);
    const reasons = why?.get(sha);
    if (cells.length > 0 && why !== null) lines.push(`  why ${reasons === undefined ? "not known here: from notes" : reasonText(reasons)}`);
    lines.push("");
  }
  if (cost.commits.length === 0) lines.push("no commits in this range", "");
  if (cost.commits.length > 1) {
    lines.push(
      `total ${inWords(cost.total)} on ${cost.commitsWithData} of ${cost.commits.length} commits (what is on several commits counts once)`,
    );
  }
  if (countSkipped(skipped) > 0) lines.push(`skipped: ${skippedText(skipped)}`);
  return lines.join("\n").trimEnd();
}

function cellRow(cell: Cell): string[] {
  const nanoUsd = cell.nanoUsd === null ? null : BigInt(cell.nanoUsd);
  return [
    plainLine(cell.tool, 30),
    plainLine(cell.model, 50),
    plainLine(cell.branch ?? "-", 50),
    String(cell.requests),
    formatCount(cellTokens(cell)),
    formatNotedUsd(nanoUsd, cell.unpriced > 0),
  ];
}

function inWords(sums: Sums): string {
  const cost = formatNotedUsd(sums.nanoUsd, sums.unpriced > 0);
  return `${cost}, ${counted(sums.requests, "request")}, ${formatCount(sums.tokens)} tokens`;
}
