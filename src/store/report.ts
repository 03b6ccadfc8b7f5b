/** The sums that reports are made of. */
import { atOneMoment, type Db } from "../platform/sqlite.ts";
import type { Axis, CommitFacts, Sum } from "../core/grouping.ts";
import { addCounts, type Counts, zeroCounts } from "../core/summary.ts";

/** Which records count; null does not restrict. Times in Unix seconds, half-open. */
export interface Filter {
  fromS: number | null;
  toS: number | null;
  /** One repository, or any of several. */
  repo: number | readonly number[] | null;
  branch: string | null;
  project: string | null;
}

/** Columns of an axis as (repo, branch, commit, value). A record outside any repository has no branch worth naming. */
const COLUMNS: Readonly<Record<Axis, readonly [string, string, string, string]>> = {
  place: ["repo", "branch", "commit_sha", "NULL"],
  project: ["repo", "NULL", "NULL", "project"],
  repo: ["repo", "NULL", "NULL", "NULL"],
  model: ["NULL", "NULL", "NULL", "model"],
  tool: ["NULL", "NULL", "NULL", "tool"],
  session: ["NULL", "NULL", "NULL", "session_id"],
  slot: ["NULL", "NULL", "NULL", "ts / 900"],
  estimate: ["NULL", "NULL", "NULL", "IIF(cost_nanousd IS NULL, 'unpriced', estimate_level)"],
};

/** What pruned sums do not know any more stands under a name of its own. */
const PRUNED_AWAY: ReadonlySet<string> = new Set([COLUMNS.session[3], COLUMNS.estimate[3]]);

/** The columns that `toCounts` reads, in order. */
export const COUNTS =
  "COUNT(*), SUM(input_tokens), SUM(output_tokens), SUM(cache_read_tokens), SUM(cache_write_5m_tokens + cache_write_1h_tokens), SUM(cost_nanousd), COUNT(cost_nanousd)";

/** The same of what was pruned. */
const PRUNED_COUNTS =
  "SUM(requests), SUM(input_tokens), SUM(output_tokens), SUM(cache_read_tokens), SUM(cache_write_tokens), SUM(cost_nanousd), SUM(priced)";

type SumRow = [repo: number | null, branch: string | null, commit: string | null, value: string | number | null, ...counts: number[]];

/** Rows per statement where neighbours differ: groups are then sorted while they are in the processor's cache. */
const CHUNK_ROWS = 1024;
/** From this many rows in a run on average, one statement per run is faster than sorting. */
const WORTHWHILE_RUN = 8;

/**
 * Sums over the records that pass, by the columns of `axis`: over the range of the index on time where there is a start, else in one pass.
 * Records are stored as they happened, so neighbours mostly belong together: adding up runs of them needs no sort, which is most of what
 * GROUP BY costs here.
 */
export function sumBy(db: Db, axis: Axis, filter: Filter): Sum[] {
  const columns = COLUMNS[axis];
  const used = columns.filter((column) => column !== "NULL");
  const { where, values } = conditions(filter);
  const select = `SELECT ${columns.join(", ")}, ${COUNTS} FROM usage_records`;
  const groupBy = `GROUP BY ${used.join(", ")}`;
  const between = `${select} ${where === "" ? "WHERE" : `${where} AND`} seq >= :low AND seq < :high`;
  // A writer may book records elsewhere, or prune them, between two of the statements.
  return atOneMoment(db, () => {
    const pruned = prunedBy(db, columns, filter);
    if (filter.fromS !== null) return merge([db.prepare(`${select} ${where} ${groupBy}`).raw().all(values) as SumRow[], pruned]);
    const [first, last] = db.prepare("SELECT MIN(seq), MAX(seq) FROM usage_records").raw().get() as [number | null, number | null];
    if (first === null || last === null) return merge([pruned]);
    const runs = runStarts(db, used, Math.max(1000, (last - first) / WORTHWHILE_RUN));
    const statement = db.prepare(runs === null ? `${between} ${groupBy}` : between).raw();
    const starts = runs ?? Array.from({ length: Math.floor((last - first) / CHUNK_ROWS) + 1 }, (_, at) => first + at * CHUNK_ROWS);
    const batches = starts.map((low, at) => statement.all({ ...values, low, high: starts[at + 1] ?? last + 1 }) as SumRow[]);
    return merge([...batches, pruned]);
  });
}

/**
 * Sums by place, told apart by the commit that first held the records (`value`; null where none did): who wrote that one spent them. What was
 * pruned knows only where it was in the end.
 */
export function sumByOrigin(db: Db, filter: Filter): Sum[] {
  const { where, values } = conditions(filter);
  const origin = "(SELECT sha FROM claims JOIN commits ON commits.id = commit_id WHERE record_seq = seq AND first = 1)";
  const sql = `SELECT repo, branch, commit_sha, ${origin} AS origin, ${COUNTS} FROM usage_records ${where} GROUP BY repo, branch, commit_sha, origin`;
  return atOneMoment(db, () => merge([db.prepare(sql).raw().all(values) as SumRow[], prunedBy(db, COLUMNS.place, filter)]));
}

/** What was pruned, by the same columns; neither sessions nor how sure a price was are known of it any more. */
function prunedBy(db: Db, columns: readonly string[], filter: Filter): SumRow[] {
  const { where, values } = conditions(filter);
  const named = columns.map((column) => (PRUNED_AWAY.has(column) ? "'(pruned)'" : column));
  const sql = `SELECT ${named.join(", ")}, ${PRUNED_COUNTS} FROM pruned_sums ${where} GROUP BY ${columns.map((_, at) => at + 1).join(", ")}`;
  return db.prepare(sql).raw().all(values) as SumRow[];
}

/** Where the values of `columns` change from one stored record to the next; null when that is more than `limit` times. */
function runStarts(db: Db, columns: readonly string[], limit: number): number[] | null {
  const differs = columns.map((column) => `${on("a", column)} IS NOT ${on("b", column)}`).join(" OR ");
  const starts = db
    .prepare(
      `SELECT a.seq FROM usage_records a LEFT JOIN usage_records b ON b.seq = a.seq - 1 WHERE b.seq IS NULL OR ${differs} ORDER BY a.seq LIMIT ?`,
    )
    .pluck()
    .all(Math.floor(limit) + 1) as number[];
  return starts.length > limit ? null : starts;
}

/** An expression over columns of one table, with the table named. */
function on(table: string, expression: string): string {
  return expression.startsWith("IIF(") ? expression.replaceAll(/cost_nanousd|estimate_level/g, `${table}.$&`) : `${table}.${expression}`;
}

/** One sum over all records that pass. */
export function sumAll(db: Db, filter: Filter): Counts {
  const { where, values } = conditions(filter);
  const sumOf = (counts: string, table: string): Counts =>
    toCounts(db.prepare(`SELECT ${counts} FROM ${table} ${where}`).raw().get(values) as number[], 0);
  return atOneMoment(db, () => {
    const sums = sumOf(COUNTS, "usage_records");
    addCounts(sums, sumOf(PRUNED_COUNTS, "pruned_sums"));
    return sums;
  });
}

/** One sum over what is spent in a repository and not committed; through the index that holds just these. */
export function sumPending(db: Db): Counts {
  const row = db.prepare(`SELECT ${COUNTS} FROM usage_records WHERE commit_sha IS NULL AND repo IS NOT NULL`).raw().get();
  return toCounts(row as number[], 0);
}

export function hasRecords(db: Db): boolean {
  return db.prepare("SELECT EXISTS (SELECT 1 FROM usage_records) OR EXISTS (SELECT 1 FROM pruned_sums)").pluck().get() === 1;
}

/** When the first record of all was made (of what was pruned: its day), Unix seconds; null when there is none. */
export function firstRecordS(db: Db): number | null {
  const times = db.prepare("SELECT MIN(ts) FROM usage_records UNION ALL SELECT MIN(ts) FROM pruned_sums").pluck().all() as (
    | number
    | null
  )[];
  return times.reduce((least, at) => (least === null || (at !== null && at < least) ? at : least), null);
}

/** How many sessions the records that pass belong to. */
export function countSessions(db: Db, filter: Filter): number {
  const { where, values } = conditions(filter);
  return db.prepare(`SELECT COUNT(*) FROM (SELECT DISTINCT tool, session_id FROM usage_records ${where})`).pluck().get(values) as number;
}

/** Commits by repository and id. `facts: false` reads only what tells abandoned ones apart. */
export function commitLookup(db: Db, facts: boolean): (repo: number, sha: string) => CommitFacts | undefined {
  const columns = facts ? "author, subject" : "NULL, NULL";
  const rows = db
    .prepare(`SELECT repo, sha, reachable, ${columns} FROM commits ${facts ? "" : "WHERE reachable = 0"}`)
    .raw()
    .all() as [number, string, number, string | null, string | null][];
  const byKey = new Map<string, CommitFacts>();
  for (const [repo, sha, reachable, author, subject] of rows) byKey.set(`${repo} ${sha}`, { author, subject, reachable: reachable === 1 });
  return (repo, sha) => byKey.get(`${repo} ${sha}`);
}

/** Every branch that some record is or was on, the latest first. */
export function branchesOfRecords(db: Db): string[] {
  const rows = db.prepare(
    `SELECT branch FROM (SELECT branch, ts FROM usage_records UNION ALL SELECT branch, ts FROM pruned_sums)
     WHERE branch IS NOT NULL GROUP BY branch ORDER BY max(ts) DESC, branch`,
  );
  return rows.pluck().all() as string[];
}

/** The filter as SQL over the columns of usage_records, with what to bind. */
export function conditions(filter: Filter): { where: string; values: Record<string, string | number> } {
  const tests: string[] = [];
  const values: Record<string, string | number> = {};
  const test = (condition: string, name: string, value: string | number | null) => {
    if (value === null) return;
    tests.push(`${condition} :${name}`);
    values[name] = value;
  };
  test("ts >=", "fromS", filter.fromS);
  test("ts <", "toS", filter.toS);
  if (typeof filter.repo === "number" || filter.repo === null) test("repo =", "repo", filter.repo);
  else {
    tests.push("repo IN (SELECT value FROM json_each(:repo))");
    values["repo"] = JSON.stringify(filter.repo);
  }
  test("branch =", "branch", filter.branch);
  test("project =", "project", filter.project);
  return { where: tests.length === 0 ? "" : `WHERE ${tests.join(" AND ")}`, values };
}

function merge(batches: Iterable<SumRow[]>): Sum[] {
  const sums = new Map<string, Sum>();
  for (const rows of batches) {
    for (const row of rows) {
      const [repo, branch, commit, value] = row;
      // A run of which nothing passes the filter.
      if (row[4] === 0) continue;
      const key = `${repo}\0${branch}\0${commit}\0${value}`;
      const counts = toCounts(row as unknown as number[], 4);
      const known = sums.get(key);
      if (known === undefined) sums.set(key, { repo, branch, commit, value, counts });
      else addCounts(known.counts, counts);
    }
  }
  return [...sums.values()];
}

/** A row's sums, from column `from` on. */
export function toCounts(row: readonly number[], from: number): Counts {
  const requests = row[from] ?? 0;
  if (requests === 0) return zeroCounts();
  return {
    requests,
    inputTokens: row[from + 1] ?? 0,
    outputTokens: row[from + 2] ?? 0,
    cacheReadTokens: row[from + 3] ?? 0,
    cacheWriteTokens: row[from + 4] ?? 0,
    costNanoUsd: row[from + 5] ?? 0,
    unpricedRequests: requests - (row[from + 6] ?? 0),
  };
}
