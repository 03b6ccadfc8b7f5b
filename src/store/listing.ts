/** Sums for lists: by profile, project or session, over several spans of time at once. */
import type { Listed, ListedRow, Since } from "../core/listing.ts";
import type { Db } from "../platform/sqlite.ts";

const FROM: Readonly<Record<Listed, string>> = {
  profiles:
    "SELECT profile AS name, NULL AS tool, ts, 1 AS requests, cost_nanousd AS cost, cost_nanousd IS NULL AS unpriced FROM usage_records WHERE profile IS NOT NULL",
  // What was pruned is still known by project.
  projects: `SELECT project AS name, NULL AS tool, ts, 1 AS requests, cost_nanousd AS cost, cost_nanousd IS NULL AS unpriced FROM usage_records
    UNION ALL SELECT project, NULL, ts, requests, cost_nanousd, requests - priced FROM pruned_sums`,
  sessions: "SELECT session_id AS name, tool, ts, 1 AS requests, cost_nanousd AS cost, cost_nanousd IS NULL AS unpriced FROM usage_records",
};

/** The rows with the newest first, at most `limit`, and how many there are in all. Rows without a request in the last of the spans are left out. */
export function listRows(db: Db, what: Listed, spans: readonly Since[], limit: number): { rows: ListedRow[]; total: number } {
  const sums = spans.map((_, at) =>
    ["requests", "cost", "unpriced"].map((column) => `SUM(iif(ts >= :from${at}, ${column}, 0))`).join(", "),
  );
  const last = spans.length - 1;
  const groups = `SELECT name, tool, MAX(ts) AS lastS, ${sums.join(", ")} FROM (${FROM[what]}) WHERE ts >= :from${last} GROUP BY name, tool`;
  const bounds = Object.fromEntries(spans.map(({ fromS }, at) => [`from${at}`, fromS ?? 0]));
  const total = db.prepare(`SELECT COUNT(*) FROM (${groups})`).pluck().get(bounds) as number;
  const found = db
    .prepare(`${groups} ORDER BY lastS DESC, name LIMIT :limit`)
    .raw()
    .all({ ...bounds, limit }) as Row[];
  return { total, rows: found.map((row) => toRow(row, spans.length)) };
}

type Row = [name: string | null, tool: string | null, lastS: number, ...sums: number[]];

function toRow([name, tool, lastS, ...sums]: Row, spans: number): ListedRow {
  const costs = Array.from({ length: spans }, (_, at) => {
    const [requests = 0, costNanoUsd = 0, unpricedRequests = 0] = sums.slice(at * 3, at * 3 + 3);
    return { requests, costNanoUsd: costNanoUsd ?? 0, unpricedRequests };
  });
  return { name, tool, costs, lastS };
}
