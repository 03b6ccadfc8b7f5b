/** Which columns a summary has for people, and what stands in them. */
import { decimalsFor, formatCost, formatShare, formatTokens, groupDigits } from "../core/money.ts";
import { type Counts, HOMES, type Row, SPLIT_HOMES, type SplitBucket, type Summary, totalTokens } from "../core/summary.ts";
import { reasonText } from "./footer.ts";
import type { Column } from "./layout.ts";
import { rowName, shortRepoNames } from "./names.ts";

/** `clean` makes text of others fit for the format. */
export function summaryColumns(summary: Summary, clean: (text: string) => string): Column[] {
  const decimals = tableDecimals(summary);
  const column = (title: string, drop: number, cell: (row: Row) => string, foot: string): Column => {
    return { title, align: "right", drop, cells: summary.rows.map(cell), foot };
  };
  const count = (title: string, drop: number, pick: (counts: Counts) => number, write = formatTokens): Column =>
    column(title, drop, (row) => write(pick(row.counts)), write(pick(summary.totals)));
  const cost = column("cost", 0, (row) => formatCost(row.counts, decimals), formatCost(summary.totals, decimals));
  const names = nameColumns(summary, clean);
  const requests = count("requests", 2, (counts) => counts.requests, groupDigits);
  const tokens = count("tokens", summary.split === undefined ? 3 : 5, totalTokens);
  if (summary.split !== undefined) {
    const split = summary.split;
    const home = (title: SplitBucket): Column =>
      column(title, 4, (row) => partCost(row.split?.[title], decimals), partCost(split[title], decimals));
    const elsewhere = (split.elsewhere?.requests ?? 0) > 0 ? [home("elsewhere")] : [];
    return [...names, requests, tokens, ...HOMES.map(home), ...elsewhere, cost];
  }
  const detail = [
    count("input", 6, (counts) => counts.inputTokens),
    count("output", 6, (counts) => counts.outputTokens),
    count("cache read", 6, (counts) => counts.cacheReadTokens),
    count("cache write", 6, (counts) => counts.cacheWriteTokens),
  ];
  const share = column("share", 4, (row) => formatShare(row.counts.costNanoUsd, summary.totals.costNanoUsd), "");
  return [...names, requests, ...(summary.by === "commit" ? [] : detail), tokens, cost, ...(summary.totals.costNanoUsd > 0 ? [share] : [])];
}

/** Decimals that make what is printed add up, over all columns of money. */
export function tableDecimals(summary: Summary): number {
  const columns = [{ rows: summary.rows.map((row) => row.counts.costNanoUsd), total: summary.totals.costNanoUsd }];
  for (const home of SPLIT_HOMES) {
    const total = summary.split?.[home];
    if (total === undefined) continue;
    columns.push({ rows: summary.rows.map((row) => row.split?.[home]?.costNanoUsd ?? 0), total: total.costNanoUsd });
  }
  return decimalsFor(columns);
}

function nameColumns(summary: Summary, clean: (text: string) => string): Column[] {
  const short = shortRepoNames(summary.rows.flatMap((row) => (row.repo === undefined ? [] : [row.repo])));
  const text = (title: string, drop: number, least: number, cell: (row: Row) => string, foot = ""): Column => {
    return { title, align: "left", drop, least, cells: summary.rows.map((row) => clean(cell(row))), foot };
  };
  const repo = (drop: number) =>
    short.size > 1 ? [text("repo", drop, 8, (row) => (row.repo === undefined ? "" : (short.get(row.repo) ?? "")))] : [];
  // Branches of the same name in two repositories are told apart by this column alone, so it stays.
  if (summary.by === "branch") return [text("branch", 0, 16, rowName, "total"), ...repo(0)];
  if (summary.by !== "commit") return [text(summary.by, 0, 12, rowName, "total")];
  const why = summary.rows.some((row) => row.why !== undefined) ? [text("why", 0, 12, (row) => reasonText(row.why ?? []))] : [];
  // The first eight digits, as git prints them; rows that are no commit say what they are where the subject stands.
  return [
    text("commit", 0, 8, (row) => row.commit?.slice(0, 8) ?? "", "total"),
    text("subject", 0, 16, (row) => (row.commit === undefined ? rowName(row) : (row.subject ?? ""))),
    ...why,
    text("author", 6, 8, (row) => row.author ?? ""),
    text("branch", 5, 10, (row) => row.branch ?? ""),
    ...repo(5),
  ];
}

function partCost(counts: Counts | undefined, decimals: number): string {
  return counts === undefined || counts.requests === 0 ? "-" : formatCost(counts, decimals);
}
