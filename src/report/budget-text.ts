/** Budgets for people: a line each, with a bar. */
import type { BudgetStatus } from "../core/budget.ts";
import { formatCost, formatUsd } from "../core/money.ts";
import { type Clock, localPeriod } from "../core/range.ts";
import { printable } from "../core/text.ts";
import { type Column, layoutTable } from "./layout.ts";
import { paintFor, type Screen } from "./paint.ts";
import { wrap } from "./wrap.ts";

const BAR = 16;
const NONE = [
  "No limit is set.",
  "Set one:  boba budget --set monthly=50",
  "For one project:  boba budget --project shop --set daily=5 --enforce",
];

export function budgetText(
  statuses: readonly BudgetStatus[],
  screen: Screen,
  clock: Clock,
  options: { projection: boolean; filtered: boolean },
): string {
  if (statuses.length === 0) return options.filtered ? "No limit is set for it." : NONE.join("\n");
  const paint = paintFor(screen);
  const column = (title: string, drop: number, cell: (status: BudgetStatus) => string, more: Partial<Column> = {}): Column => ({
    title,
    align: "left",
    drop,
    cells: statuses.map(cell),
    ...more,
  });
  const right = { align: "right" } as const;
  const columns = [
    column("limit on", 0, nameOf, { least: 12 }),
    column("period", 0, ({ period, days }) => (period === "rolling" ? `${days} days` : period)),
    column("spent", 0, spentText, right),
    column("limit", 0, ({ limitNanoUsd }) => formatUsd(limitNanoUsd), right),
    column("used", 0, percentText, right),
    column("", 2, ({ usedRatio }) => bar(usedRatio)),
    ...(options.projection ? [column("forecast", 0, forecastText, right)] : []),
    column("until", 1, ({ period, toMs }) => (period === "rolling" ? "" : localPeriod(toMs - 1, "day", clock))),
    column("state", 0, ({ state, enforce }) => (enforce ? `${state}, enforced` : state)),
  ];
  const lines = layoutTable(columns, screen.columns, paint);
  const notes = [
    ...(statuses.some(({ unpricedRequests }) => unpricedRequests > 0)
      ? [">= : some requests have no known price, so that at least this much is spent (boba report --by model)."]
      : []),
    ...(options.projection && statuses.some(({ forecastNanoUsd }) => forecastNanoUsd === null)
      ? ["n/a: too little of the period is over to say where it goes, or it has no end."]
      : []),
  ];
  const told = notes.flatMap((note) => wrap(note, screen.columns)).map((line) => paint.dim(line));
  return [...lines, ...(told.length === 0 ? [] : ["", ...told])].join("\n");
}

function nameOf({ scope, target }: BudgetStatus): string {
  return target === null ? "everything" : `${scope} ${printable(target)}`;
}

/** `$3.20`, or `>= $3.20` where some of it has no price. */
export function spentText({ spentNanoUsd, requests, unpricedRequests }: BudgetStatus): string {
  return formatCost({ costNanoUsd: spentNanoUsd, requests, unpricedRequests });
}

function forecastText({ forecastNanoUsd }: BudgetStatus): string {
  return forecastNanoUsd === null ? "n/a" : formatUsd(forecastNanoUsd);
}

/** Rounded down: 99.9 % is not all of it. */
export function percentText({ usedRatio }: BudgetStatus): string {
  return `${Math.floor(usedRatio * 100 + 1e-9)}%`;
}

function bar(usedRatio: number): string {
  const full = Math.max(0, Math.min(BAR, Math.floor(usedRatio * BAR + 1e-9)));
  return "█".repeat(full) + "░".repeat(BAR - full);
}
