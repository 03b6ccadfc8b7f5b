/** `boba report`: reads sums, lets core name and order the rows. */
import type { Footnotes } from "../core/footnotes.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { AXIS, toPieces } from "../core/grouping.ts";
import { parseRange, type Range } from "../core/range.ts";
import { UNSHARED } from "../core/shared.ts";
import { counted } from "../core/money.ts";
import { type Grouping, SPLIT_HOMES, summarise, type Summary } from "../core/summary.ts";
import type { Db } from "../platform/sqlite.ts";
import { evidenceShares, type HomeReason, reasonsByHome } from "../store/evidence.ts";
import { type Filter, sumBy, sumByOrigin } from "../store/report.ts";
import type { App } from "./app.ts";
import { clockOf, footnotesFor, lookupsFor, refuseUnknownBranch, repoNamed } from "./filter.ts";
import { openView } from "./refresh.ts";
import { readShared, type Shared } from "./shared.ts";

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
  /** Say of each commit why it holds what it holds. */
  why?: boolean;
  /** With what colleagues' notes say of the repository. */
  shared?: boolean;
}

export interface Report {
  range: Range;
  summary: Summary;
  footnotes: Footnotes;
  warnings: readonly string[];
}

/** @throws BobaError for a range, a repository or a branch that makes no sense, and for the database. */
export async function report(app: App, request: ReportRequest): Promise<Report> {
  const range = parseRange(request, clockOf(app));
  checkFits(request);
  const view = await openView(app, { import: request.import });
  try {
    const shared = request.shared === true ? await readShared(app, view.db, { ...request, range }) : undefined;
    const named = request.repo === undefined ? null : repoNamed(view.db, request.repo);
    const filter: Filter = {
      ...range,
      repo: shared === undefined ? named : shared.repos,
      branch: request.branch ?? null,
      project: request.project ?? null,
    };
    const summary = await summaryOf(app, view.db, request.by, filter, request.top, { why: request.why ?? false, shared });
    if (request.branch !== undefined && shared === undefined && summary.totals.requests === 0) {
      await refuseUnknownBranch(app, view.db, request.branch, named);
    }
    const warnings = [...view.warnings, ...missingHint(shared)];
    return { range, summary, footnotes: footnotesFor(view.db, filter, summary.totals.unpricedRequests), warnings };
  } finally {
    view.close();
  }
}

function missingHint(shared: Shared | undefined): string[] {
  if (!shared?.missing) return [];
  const { cells, remedy } = shared.missing;
  return [`${counted(cells, "cell")} of the notes ${cells === 1 ? "is" : "are"} on commits that this clone does not have: ${remedy}`];
}

/** @throws BobaError BOBA-USE-30 for options that have no answer together. */
function checkFits({ by, why, shared, project }: ReportRequest): void {
  const fail = (problem: string, hint: string) => {
    throw new BobaError("BOBA-USE-30", EXIT.usage, problem, hint);
  };
  if (why === true && by !== "commit") fail(`--why explains commits, not --by ${by}`, "use: boba report --by commit --why");
  if (shared === true && UNSHARED.has(by))
    fail(`notes do not tell the ${by}`, "use --by author, commit, branch, model, day, ... with --shared");
  if (shared === true && project !== undefined) fail("notes do not tell the project", "use --repo with --shared");
}

/** The rows of one grouping over the records that pass, and over what colleagues shared. */
export async function summaryOf(app: App, db: Db, by: Grouping, filter: Filter, top: number | null, more: Extras = {}): Promise<Summary> {
  // Whoever merges or squashes a colleague's work makes the newest commit of it, but did not spend it: all clones shall say the same.
  const own = by === "author" && more.shared !== undefined ? sumByOrigin(db, filter) : sumBy(db, AXIS[by], filter);
  const sums = more.shared === undefined ? own : [...own.map(more.shared.landed), ...more.shared.sums(by)];
  const lookups = await lookupsFor(app, db, by, sums, more.shared);
  const summary = summarise(by, toPieces(by, sums, lookups), top, more.shared === undefined ? undefined : SPLIT_HOMES);
  if (EVIDENT.has(by)) summary.evidence = evidenceShares(db, filter);
  if (by === "state") summary.stateGaps = lookups.stateGaps;
  if (more.shared !== undefined) summary.shared = more.shared.told;
  if (more.why === true) addReasons(summary, reasonsByHome(db, filter), (repo) => lookups.repoName(repo));
  return summary;
}

function addReasons(summary: Summary, reasons: readonly HomeReason[], repoName: (repo: number) => string): void {
  const rows = new Map(summary.rows.map((row) => [`${row.repo} ${row.commit}`, row]));
  for (const row of summary.rows) if (row.commit !== undefined) row.why = [];
  for (const { repo, commit, ...reason } of reasons) rows.get(`${repoName(repo)} ${commit}`)?.why?.push(reason);
}

/** Groupings that rest on claims: these say on what evidence. */
const EVIDENT: ReadonlySet<Grouping> = new Set(["branch", "commit", "state"]);

interface Extras {
  /** Say of each commit why it holds what it holds. */
  why?: boolean;
  shared?: Shared | undefined;
}
