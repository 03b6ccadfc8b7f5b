/** What `boba pricing update` and `reprice` say. */
import { counted, formatFloor, formatUsd, groupDigits } from "../core/money.ts";
import type { RepriceSums, RepriceSummary } from "../core/reprice.ts";
import { printable, safeJson } from "../core/text.ts";
import { type Column, layoutTable } from "./layout.ts";
import { paintFor, type Screen } from "./paint.ts";

export interface UpdateTold {
  outcome: "updated" | "unchanged" | "kept";
  url: string;
  reason: string | null;
  models: number;
  leftOut: number;
  source: string;
}

/** One line, or two where there is something to do next. */
export function updateText(update: UpdateTold): string {
  if (update.outcome === "kept") return `prices were not updated: ${printable(update.reason ?? "")}; ${update.source} stays in force`;
  if (update.outcome === "unchanged") return `${update.source} is still current (${groupDigits(update.models)} models)`;
  const left = update.leftOut === 0 ? "" : `, ${groupDigits(update.leftOut)} entries could not be used`;
  return [
    `prices are now ${update.source}: ${groupDigits(update.models)} models${left}`,
    "  records keep the price they were stored with; see what would change: boba pricing reprice --dry-run",
  ].join("\n");
}

export function updateJson({ outcome, url, reason, models, leftOut, source }: UpdateTold): string {
  return safeJson({ schema: "boba.pricing-update/1", outcome, source, models, left_out: leftOut, reason, url }, 0);
}

/** A table of the models that change, and what was done or what to type to do it. `again` is the command that writes. */
export function repriceText(result: RepriceSummary & { written: boolean; source: string }, again: string, screen: Screen): string {
  const { totals, models, source } = result;
  if (totals.records === 0) return "no records to price";
  const kept = totals.kept === 0 ? [] : [`${records(totals.kept)} of models that ${source} does not know keep the price they have`];
  if (totals.changed === 0) return [`${records(totals.records)} looked at, none changes (${source})`, ...kept].join("\n");
  const end = result.written
    ? `${records(totals.changed)} of ${groupDigits(totals.records)} changed; take it back with: boba pricing reprice --undo`
    : `${records(totals.changed)} of ${groupDigits(totals.records)} would change; nothing was written. To write it: ${again}`;
  return [...table(totals, models, screen), "", ...kept, end].join("\n");
}

function table(totals: RepriceSums, changed: RepriceSummary["models"], screen: Screen): string[] {
  const models = [...changed, ...others(totals, changed)];
  const figure = (title: string, drop: number, cell: (sums: RepriceSums) => string): Column => {
    return { title, align: "right", drop, cells: models.map(cell), foot: cell(totals) };
  };
  const name = {
    title: "model",
    align: "left",
    drop: 0,
    least: 16,
    foot: "total",
    cells: models.map(({ model }) => printable(model)),
  } as const;
  const columns: Column[] = [
    name,
    { title: "provider", align: "left", drop: 2, least: 8, foot: "", cells: models.map(({ provider }) => printable(provider)) },
    figure("changed", 1, (sums) => groupDigits(sums.changed)),
    figure("before", 0, (sums) => cost(sums.oldNanoUsd, sums.unpricedBefore, sums.records)),
    figure("after", 0, (sums) => cost(sums.newNanoUsd, sums.unpricedAfter, sums.records)),
    figure("difference", 0, ({ oldNanoUsd, newNanoUsd }) => difference(newNanoUsd - oldNanoUsd)),
  ];
  return layoutTable(columns, screen.columns, paintFor(screen));
}

/** What the rows do not show, so that they add up to the total. */
function others(totals: RepriceSums, shown: RepriceSummary["models"]): RepriceSummary["models"] {
  const rest = { ...totals };
  for (const sums of shown) for (const name of Object.keys(rest) as (keyof RepriceSums)[]) rest[name] -= sums[name];
  return rest.records === 0 ? [] : [{ ...rest, provider: "", model: "(models without a change)" }];
}

function cost(nanoUsd: number, unpriced: number, all: number): string {
  if (unpriced >= all) return "n/a";
  return unpriced > 0 ? formatFloor(nanoUsd, 4) : formatUsd(nanoUsd, 4);
}

function difference(nanoUsd: number): string {
  if (nanoUsd === 0) return "$0.0000";
  return `${nanoUsd < 0 ? "-" : "+"}${formatUsd(Math.abs(nanoUsd), 4)}`;
}

const records = (count: number): string => counted(count, "record");

/** What `--undo` did. */
export function undoText({ changedAtMs, restored, left }: { changedAtMs: number | null; restored: number; left: number }): string {
  if (changedAtMs === null) return "nothing to take back: no record was repriced";
  const since = left === 0 ? "" : `; ${records(left)} had been priced anew since and keep that`;
  return `${records(restored)} have the price again that they had before ${new Date(changedAtMs).toISOString()}${since}`;
}

export function undoJson({ changedAtMs, restored, left }: { changedAtMs: number | null; restored: number; left: number }): string {
  const run = changedAtMs === null ? null : new Date(changedAtMs).toISOString();
  return JSON.stringify({ schema: "boba.reprice-undo/1", run, restored, left });
}
