/** `boba stats`: one set of figures for a range, grouped when asked. */
import type { Footnotes } from "../core/footnotes.ts";
import { parseRange, type Range } from "../core/range.ts";
import type { StatsExtras } from "../core/stats-extras.ts";
import type { Counts, Grouping, Summary, TrendStep } from "../core/summary.ts";
import { countSessions, sumAll } from "../store/report.ts";
import type { App } from "./app.ts";
import { clockOf, everything, footnotesFor } from "./filter.ts";
import { openView } from "./refresh.ts";
import { summaryOf } from "./report.ts";

export interface StatsRequest {
  since?: string | undefined;
  until?: string | undefined;
  by: Grouping | null;
  import: boolean;
  /** With the range before of the same length. */
  compare?: boolean;
  trend?: TrendStep | null;
  latency?: boolean;
  /** What the running month will have cost by its end. */
  projection?: boolean;
}

export interface Stats {
  range: Range;
  totals: Counts;
  sessions: number;
  groups: Summary | null;
  footnotes: Footnotes;
  /** Null when none was asked for. */
  extras: StatsExtras | null;
  warnings: readonly string[];
}

/** @throws BobaError for a range that makes no sense (or cannot be compared), and for the database. */
export async function stats(app: App, request: StatsRequest): Promise<Stats> {
  const range = parseRange(request, clockOf(app));
  const { by, compare = false, trend = null, latency = false, projection = false } = request;
  const before = compare ? (await import("../core/compare.ts")).rangeBefore(range, by, clockOf(app)) : null;
  const isPlain = before === null && trend === null && !latency && !projection;
  const view = await openView(app, { import: request.import });
  try {
    const filter = everything(range);
    const totals = sumAll(view.db, filter);
    const groups = by === null ? null : await summaryOf(app, view.db, by, filter, null);
    // Loaded only here: scripts ask for today's total every few minutes.
    const load = async () => (await import("./stats-extras.ts")).statsExtras;
    return {
      range,
      totals,
      sessions: countSessions(view.db, filter),
      groups,
      footnotes: footnotesFor(view.db, filter, totals.unpricedRequests),
      extras: isPlain ? null : await (await load())(app, view.db, range, groups, { before, trend, latency, projection }),
      warnings: view.warnings,
    };
  } finally {
    view.close();
  }
}
