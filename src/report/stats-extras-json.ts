/** The fields that `boba.stats/1` has only when they were asked for; docs/json.md. */
import { changePercent } from "../core/compare.ts";
import { toUsd } from "../core/money.ts";
import { ESTIMATES, type StatsExtras } from "../core/stats-extras.ts";
import type { Counts, Summary } from "../core/summary.ts";
import { countFields, rangeFields } from "./json.ts";

export function extrasFields({ comparison, trend, latency, projection }: StatsExtras, totals: Counts): Record<string, unknown> {
  return {
    ...(comparison === null
      ? {}
      : {
          compare: {
            range: rangeFields(comparison.before.range),
            compared_to: comparison.before.passedToS === null ? null : iso(comparison.before.passedToS),
            ...changeFields(totals, comparison.totals),
            ...(comparison.rows === null
              ? {}
              : { groups: comparison.rows.map(({ counts, before, ...labels }) => ({ ...labels, ...changeFields(counts, before) })) }),
          },
        }),
    ...(trend === null
      ? {}
      : {
          trend: {
            step: trend.step,
            periods: trend.periods.map(({ key, fromS, toS, partial, counts }) => ({
              key,
              ...rangeFields({ fromS, toS }),
              partial,
              ...countFields(counts),
            })),
          },
        }),
    ...(latency === null
      ? {}
      : {
          latency_ms: {
            requests: latency.requests,
            known_requests: latency.known,
            p50: latency.p50Ms,
            p90: latency.p90Ms,
            p99: latency.p99Ms,
          },
        }),
    ...(projection === null ? {} : { projection: projectionFields(projection) }),
  };
}

/** Shares of `groups` by estimate, in whole percent of requests and of the cost, rounded down. */
export function coverageFields(groups: Summary): Record<string, unknown> {
  const share = (part: number, whole: number) => (whole <= 0 ? null : Math.floor((part / whole) * 100 + 1e-9));
  const entries = ESTIMATES.flatMap((key) => {
    const counts = groups.rows.find((row) => row.key === key)?.counts;
    if (counts === undefined && key === "(pruned)") return [];
    const { requests, costNanoUsd } = counts ?? { requests: 0, costNanoUsd: 0 };
    const cost = key === "unpriced" ? null : share(costNanoUsd, groups.totals.costNanoUsd);
    return [[key, { requests, requests_percent: share(requests, groups.totals.requests), cost_percent: cost }]];
  });
  return { coverage: Object.fromEntries(entries) };
}

function changeFields(now: Counts, before: Counts) {
  const percent = changePercent(now, before);
  return {
    current: countFields(now),
    before: countFields(before),
    change_usd: toUsd(now.costNanoUsd - before.costNanoUsd),
    change_nano_usd: String(now.costNanoUsd - before.costNanoUsd),
    change_percent: percent === null ? null : Math.round(percent * 10) / 10,
  };
}

function projectionFields(projection: NonNullable<StatsExtras["projection"]>) {
  const { month, method, daysOfData } = projection;
  if (method === null) return { month, method, days_of_data: daysOfData, cost_usd: null };
  const { daysLeft, spentNanoUsd, costNanoUsd, lowNanoUsd, highNanoUsd, unpricedRequests } = projection;
  return {
    month,
    method,
    days_of_data: daysOfData,
    days_left: daysLeft,
    spent_usd: toUsd(spentNanoUsd),
    cost_usd: toUsd(costNanoUsd),
    cost_nano_usd: String(costNanoUsd),
    low_usd: toUsd(lowNanoUsd),
    high_usd: toUsd(highNanoUsd),
    unpriced_requests: unpricedRequests,
  };
}

const iso = (atS: number): string => new Date(atS * 1000).toISOString();
