/** `boba report`: reads sums, lets core name and order the rows. */
import type { Footnotes } from "../core/footnotes.ts";
import { AXIS, toPieces } from "../core/grouping.ts";
import { parseRange, type Range } from "../core/range.ts";
import { type Grouping, summarise, type Summary } from "../core/summary.ts";
import type { Db } from "../platform/sqlite.ts";
import { type Filter, sumBy } from "../store/report.ts";
import type { App } from "./app.ts";
import { clockOf, footnotesFor, lookupsFor, repoNamed } from "./filter.ts";
import { openView } from "./refresh.ts";

export interface ReportRequest {
  by: Grouping;
  since?: string | undefined;
  until?: string | undefined;
  /** A repository's name, the last parts of it, or its folder. */
  repo?: string | undefined;
  branch?: string | undefined;
  project?: string | undefined;
  /** Rows to keep; the others are folded into one. */
  top: number | null;
  import: boolean;
}

export interface Report {
  range: Range;
  summary: Summary;
  footnotes: Footnotes;
  warnings: readonly string[];
}

/** @throws BobaError for a range or a repository that makes no sense, and for the database. */
export async function report(app: App, request: ReportRequest): Promise<Report> {
  const range = parseRange(request, clockOf(app));
  const view = await openView(app, { import: request.import });
  try {
    const filter: Filter = {
      ...range,
      repo: request.repo === undefined ? null : repoNamed(view.db, request.repo),
      branch: request.branch ?? null,
      project: request.project ?? null,
    };
    const summary = await summaryOf(app, view.db, request.by, filter, request.top);
    return { range, summary, footnotes: footnotesFor(view.db, filter, summary.totals.unpricedRequests), warnings: view.warnings };
  } finally {
    view.close();
  }
}

/** The rows of one grouping over the records that pass. */
export async function summaryOf(app: App, db: Db, by: Grouping, filter: Filter, top: number | null): Promise<Summary> {
  const lookups = await lookupsFor(app, db, by);
  return summarise(by, toPieces(by, sumBy(db, AXIS[by], filter), lookups), top);
}
