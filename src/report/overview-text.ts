/** What `boba` alone prints. */
import { counted, formatCost, formatTokens, formatUsd } from "../core/money.ts";
import type { Overview } from "../core/overview.ts";
import { type Counts, totalTokens } from "../core/summary.ts";
import { displayWidth, pad, printable, truncate } from "../core/text.ts";
import { limitName, whose } from "../core/budget-alert.ts";
import { percentText, spentText } from "./budget-text.ts";
import { rowName, shortRepoNames } from "./names.ts";
import { type Paint, paintFor, type Screen } from "./paint.ts";
import { footer } from "./table.ts";

const LABEL = 14;

/** Figures in one column, then the branches, then what to do. */
export function overviewText(overview: Overview, screen: Screen): string {
  const paint = paintFor(screen);
  const blocks = [
    [`${paint.accent("boba")}${paint.dim(`  ${overview.day}`)}`],
    ...(overview.empty ? [emptyLines(overview, paint, screen)] : figures(overview, paint, screen)),
  ];
  blocks.push(steps(overview, paint));
  if (!overview.empty) blocks.push(footer(overview.footnotes, screen));
  else if (overview.footnotes.skipped.lines + overview.footnotes.skipped.files > 0)
    blocks.push(footer(overview.footnotes, screen).slice(0, -1));
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

function figures(overview: Overview, paint: Paint, screen: Screen): string[][] {
  const { today, week, pending, here } = overview;
  const list: [label: string, counts: Counts][] = [
    ["today", today],
    ["last 7 days", week],
    ["pending", pending],
  ];
  const costs = list.map(([, counts]) => formatCost(counts));
  const widths = {
    cost: Math.max(...costs.map(displayWidth)),
    requests: Math.max(...list.map(([, counts]) => counted(counts.requests, "request").length)),
  };
  const lines = list.map(([label, counts], at) => {
    const cost = paint.bold(pad(costs[at] as string, widths.cost, "right"));
    const requests = pad(counted(counts.requests, "request"), widths.requests, "right");
    const tail = label === "pending" ? "not committed yet" : `${formatTokens(totalTokens(counts))} tokens`;
    return `${pad(label, LABEL, "left")}${cost}   ${requests}   ${paint.dim(tail)}`;
  });
  return [
    lines,
    ...budgets(overview, paint, screen),
    ...(here === null ? [] : [hereLines(here, paint, screen)]),
    ...branches(overview, paint, screen),
  ];
}

/** `daily limit   32%   $3.20 of $10.00 (project shop)` */
function budgets({ budgets: statuses }: Overview, paint: Paint, screen: Screen): string[][] {
  if (statuses.length === 0) return [];
  const labels = statuses.map((status) => limitName(status));
  const width = Math.max(LABEL, ...labels.map((label) => label.length + 2));
  const percents = statuses.map((status) => percentText(status));
  const percentWidth = Math.max(...percents.map((text) => text.length));
  const lines = statuses.map((status, at) => {
    const used = paint.bold(pad(percents[at] as string, percentWidth, "right"));
    const of = `   ${spentText(status)} of ${formatUsd(status.limitNanoUsd)}`;
    const state = status.state === "ok" ? "" : `, ${status.state}`;
    const room = Math.max(10, screen.columns - width - percentWidth - of.length - state.length);
    return `${pad(labels[at] as string, width, "left")}${used}${of}${paint.dim(truncate(whose(status), room))}${state}`;
  });
  return [lines];
}

function hereLines(here: NonNullable<Overview["here"]>, paint: Paint, screen: Screen): string[] {
  const room = Math.max(20, screen.columns - LABEL);
  const name = (label: string, text: string) => `${pad(label, LABEL, "left")}${truncate(printable(text), room)}`;
  const lines = [name("repository", here.repo), name("branch", here.branch ?? "none (detached HEAD)")];
  if (!here.known) return [...lines, paint.dim(`${" ".repeat(LABEL)}nothing recorded here yet`)];
  if (here.split === null) return lines;
  const { committed, pending, abandoned } = here.split;
  const parts = [`${paint.bold(formatCost(committed))} committed`, `${paint.bold(formatCost(pending))} pending`];
  if (abandoned.requests > 0) parts.push(`${paint.bold(formatCost(abandoned))} abandoned`);
  return [...lines, `${" ".repeat(LABEL)}${parts.join(paint.dim(", "))}`];
}

function branches(overview: Overview, paint: Paint, screen: Screen): string[][] {
  const rows = overview.topBranches;
  if (rows.length === 0) return [];
  const short = shortRepoNames(rows.flatMap((row) => (row.repo === undefined ? [] : [row.repo])));
  const several = short.size > 1 || (overview.here !== null && rows.some((row) => row.repo !== overview.here?.repo));
  const costs = rows.map((row) => formatCost(row.counts));
  const costWidth = Math.max(...costs.map(displayWidth));
  const room = Math.max(10, screen.columns - 2 - costWidth - 3);
  const lines = rows.map((row, at) => {
    const repo = several && row.repo !== undefined ? `  ${printable(short.get(row.repo) ?? row.repo)}` : "";
    const label = truncate(printable(rowName(row)), Math.max(8, room - displayWidth(repo)));
    return `  ${paint.bold(pad(costs[at] as string, costWidth, "right"))}   ${label}${paint.dim(truncate(repo, Math.max(0, room - displayWidth(label))))}`;
  });
  return [[`top ${rows.length === 1 ? "branch" : "branches"}, last 7 days`, ...lines]];
}

function emptyLines(overview: Overview, paint: Paint, screen: Screen): string[] {
  const lines = ["No usage found yet.", paint.dim(`Looked for the logs of: ${overview.sources.join(", ")}.`)];
  const { here } = overview;
  return here === null ? lines : [...lines, "", ...hereLines({ ...here, split: null }, paint, screen)];
}

function steps(overview: Overview, paint: Paint): string[] {
  const width = Math.max(...overview.steps.map((step) => step.command.length));
  return ["next", ...overview.steps.map(({ command, why }) => `  ${paint.accent(pad(command, width, "left"))}   ${paint.dim(why)}`)];
}
