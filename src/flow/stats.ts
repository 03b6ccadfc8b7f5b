/** `boba stats`: one set of figures for a range, grouped when asked. */
import type { Footnotes } from "../core/footnotes.ts";
import type { Range } from "../core/range.ts";
import { parseRange } from "../core/range.ts";
import type { Counts, Grouping, Summary } from "../core/summary.ts";
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
}

export interface Stats {
  range: Range;
  totals: Counts;
  sessions: number;
  groups: Summary | null;
  footnotes: Footnotes;
  warnings: readonly string[];
}

/** @throws BobaError for a range that makes no sense, and for the database. */
export async function stats(app: App, request: StatsRequest): Promise<Stats> {
  const range = parseRange(request, clockOf(app));
  const view = await openView(app, { import: request.import });
  try {
    const filter = everything(range);
    const totals = sumAll(view.db, filter);
    return {
      range,
      totals,
      sessions: countSessions(view.db, filter),
      groups: request.by === null ? null : await summaryOf(app, view.db, request.by, filter, null),
      footnotes: footnotesFor(view.db, filter, totals.unpricedRequests),
      warnings: view.warnings,
    };
  } finally {
    view.close();
  }
}
