/** `boba ci carry` in a line, and as the contract `boba.carry/1`. */
import { noneSkipped, type Skipped, type Sums } from "../core/ci.ts";
import { counted } from "../core/money.ts";
import { jsonText, skippedJson, sumsJson } from "./sums-json.ts";
import { formatNotedUsd } from "./usd.ts";

export interface CarryReport {
  kind: "merge" | "squash" | "rebase" | "present" | "unmerged";
  merge: string | null;
  head: string | null;
  base: string | null;
  pairs: readonly { to: string; from: readonly string[] }[];
  cells: number;
  sums: Sums;
  writer: string;
  notesChanged: number;
  pushed: boolean;
  skipped: Skipped | null;
}

export function carryText({ kind, merge, head, pairs, cells, sums, notesChanged, pushed }: CarryReport): string {
  if (kind === "unmerged") return "nothing to carry: the pull request was closed without a merge";
  if (kind === "present") return `nothing to carry: ${short(merge)} has the pull request's own commits`;
  if (cells === 0) return `nothing to carry: no notes on the commits up to ${short(head)} (${kind})`;
  const to = pairs.length === 1 ? short(pairs[0]?.to ?? null) : `${pairs.length} commits up to ${short(merge)}`;
  const what = `${counted(cells, "cell")} (${formatNotedUsd(sums.nanoUsd, sums.unpriced > 0)}) to ${to}, ${kind}`;
  return `${notesChanged === 0 ? "carried before: " : "carried "}${what}${pushed ? ", pushed" : ""}`;
}

export function carryJson(report: CarryReport): string {
  return jsonText({
    schema: "boba.carry/1",
    kind: report.kind,
    merge: report.merge,
    pr_head: report.head,
    pr_base: report.base,
    pairs: report.pairs,
    cells: report.cells,
    ...sumsJson(report.sums),
    ref: `refs/notes/boba/${report.writer}`,
    notes_changed: report.notesChanged,
    pushed: report.pushed,
    skipped: skippedJson(report.skipped ?? noneSkipped()),
  });
}

function short(sha: string | null): string {
  return (sha ?? "").slice(0, 7);
}
