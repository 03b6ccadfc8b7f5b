/** Where spending goes to: limits that will not hold, weeks that grow, and no limit at all. Pure. */
import type { BudgetStatus } from "../budget.ts";
import { limitName, whose } from "../budget-alert.ts";
import { pathOf } from "../budget-path.ts";
import { formatUsd } from "../money.ts";
import type { DaySum } from "./outliers.ts";
import { type Edit, LEAST, LEAST_SAVING_NANO_USD, median, type Suggestion, suggestion, weight } from "./suggestion.ts";

/** Limits whose forecast is beyond them. */
export function limitsAtRisk(statuses: readonly BudgetStatus[]): Suggestion[] {
  return statuses.flatMap((status) => {
    const { forecastNanoUsd, limitNanoUsd, scope, target, period, fromMs, state } = status;
    if (forecastNanoUsd === null || state === "over" || forecastNanoUsd - limitNanoUsd < LEAST_SAVING_NANO_USD) return [];
    return suggestion("budget-trend", [scope, target ?? "", period, fromMs].join("\0"), {
      title: `The ${limitName(status)} of ${formatUsd(limitNanoUsd)}${whose(status)} will not hold: ${formatUsd(forecastNanoUsd)} at this rate`,
      evidence: {
        requests: status.requests,
        costNanoUsd: status.spentNanoUsd,
        sessions: [],
        commits: [],
        facts: {
          scope,
          ...(target === null ? {} : { target }),
          period,
          limit_usd: limitNanoUsd / 1e9,
          forecast_usd: forecastNanoUsd / 1e9,
        },
      },
      savingNanoUsd: forecastNanoUsd - limitNanoUsd,
      confidence: weight(status.requests, LEAST.requests),
      apply: status.enforce ? null : enforced(status),
    });
  });
}

/** What a repository says of its budget is changed there, by hand; a profile's file may name what no copy should be kept of. */
function enforced({ scope, target, origin }: BudgetStatus): Edit | null {
  if (origin === "project" || scope === "profile") return null;
  return {
    file: "settings.yaml",
    what: "makes boba run and boba call refuse what is beyond the limit",
    path: [...pathOf(scope, target), "enforce"],
    value: true,
    append: false,
  };
}

const WEEK = 7;
const WEEKS_BEFORE = 3;
const GROWTH = 1.5;
const LEAST_GROWTH_NANO_USD = 5_000_000_000;

/** The last seven whole days against the median of the three weeks before. `costs` are those of the last 28 whole days, oldest first, 0 without spend. */
export function growingWeek(costs: readonly number[], requests: number, endDay: string): Suggestion[] {
  if (costs.length < WEEK * (WEEKS_BEFORE + 1)) return [];
  const weeks = Array.from({ length: WEEKS_BEFORE + 1 }, (_, at) => {
    const end = costs.length - at * WEEK;
    return costs.slice(end - WEEK, end).reduce((sum, cost) => sum + cost, 0);
  });
  const [last = 0, ...before] = weeks;
  const usual = median(before);
  if (before.some((cost) => cost === 0) || last < usual * GROWTH || last - usual < LEAST_GROWTH_NANO_USD) return [];
  return [
    suggestion("budget-trend", `week\0${endDay}`, {
      title: `The last seven days cost ${formatUsd(last)}; a usual week of the month before cost ${formatUsd(usual)}`,
      evidence: {
        requests,
        costNanoUsd: last,
        sessions: [],
        commits: [],
        facts: { end_day: endDay, usual_week_usd: usual / 1e9 },
      },
      savingNanoUsd: last - usual,
      confidence: weight(WEEKS_BEFORE, WEEKS_BEFORE),
      apply: null,
    }),
  ];
}

const ROOM = 1.25;
const STEP_USD = 5;

/** Without any limit for all spending: one that leaves a quarter more than the last 30 days, rounded up to five dollars. */
export function noLimit(days: readonly DaySum[]): Suggestion[] {
  const costNanoUsd = days.reduce((sum, day) => sum + day.costNanoUsd, 0);
  if (costNanoUsd < LEAST_SAVING_NANO_USD) return [];
  const usd = Math.ceil(((costNanoUsd / 1e9) * ROOM) / STEP_USD) * STEP_USD;
  return [
    suggestion("budget-trend", "no-limit", {
      title: `No limit is set; the last 30 days cost ${formatUsd(costNanoUsd)}`,
      evidence: {
        requests: days.reduce((sum, { requests }) => sum + requests, 0),
        costNanoUsd,
        sessions: [],
        commits: [],
        facts: { days_with_spend: days.length, monthly_usd: usd },
      },
      savingNanoUsd: null,
      confidence: weight(days.length, LEAST.days),
      apply: {
        file: "settings.yaml",
        what: `sets a monthly limit of ${formatUsd(usd * 1e9)}, which alerts and refuses nothing`,
        path: ["budget", "monthly_usd"],
        value: usd,
        append: false,
      },
    }),
  ];
}
