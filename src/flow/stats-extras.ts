/** What `boba stats` works out only when asked: each part reads what it needs and no more. */
import { compareRows, type Comparison, type RangeBefore } from "../core/compare.ts";
import { projectionFromS, projectionOf } from "../core/projection.ts";
import type { Range } from "../core/range.ts";
import type { StatsExtras } from "../core/stats-extras.ts";
import type { Grouping, Summary, TrendStep } from "../core/summary.ts";
import { trendOf } from "../core/trend.ts";
import type { Db } from "../platform/sqlite.ts";
import { latencyOf } from "../store/latency.ts";
import { firstRecordS, sumAll, sumBy } from "../store/report.ts";
import type { App } from "./app.ts";
import { clockOf, everything } from "./filter.ts";
import { summaryOf } from "./report.ts";

export interface ExtrasWanted {
  /** The range to compare with. */
  before: RangeBefore | null;
  trend: TrendStep | null;
  latency: boolean;
  projection: boolean;
}

export async function statsExtras(app: App, db: Db, range: Range, groups: Summary | null, wanted: ExtrasWanted): Promise<StatsExtras> {
  const clock = clockOf(app);
  return {
    comparison: wanted.before === null ? null : await comparisonWith(app, db, wanted.before, groups),
    trend: wanted.trend === null ? null : trendOf(wanted.trend, sumBy(db, "slot", everything(range)), range, clock),
    latency: wanted.latency ? latencyOf(db, everything(range)) : null,
    projection: wanted.projection
      ? projectionOf(sumBy(db, "slot", everything({ fromS: projectionFromS(clock), toS: null })), firstRecordS(db), clock)
      : null,
  };
}

async function comparisonWith(app: App, db: Db, before: RangeBefore, groups: Summary | null): Promise<Comparison> {
  const filter = everything(before.range);
  const rowsOf = async (by: Grouping, now: Summary) => compareRows(now, await summaryOf(app, db, by, filter, null));
  return { before, totals: sumAll(db, filter), rows: groups === null ? null : await rowsOf(groups.by, groups) };
}
