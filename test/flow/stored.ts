/** What collect stored, read back with SQL of the tests' own. */
import Database from "better-sqlite3";
import type { Placer } from "../../src/core/place.ts";
import type { CollectResult } from "../../src/core/import-summary.ts";
import { type CollectOptions, collect } from "../../src/flow/collect.ts";
import { openPlacer } from "../../src/flow/places.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import type { Db } from "../../src/platform/sqlite.ts";
import { openLedger } from "../../src/store/open.ts";
import type { Totals } from "../helpers/corpus.ts";
import type { Sandbox } from "../helpers/sandbox.ts";

/** Collects inside this process. */
export async function collectIn(
  box: Sandbox,
  makePlacer: (db: Db) => Placer = (db) => openPlacer(db, box.env),
  options: CollectOptions = {},
): Promise<CollectResult> {
  const paths = resolvePaths(box.env);
  const db = openLedger(paths.db);
  const app = { paths, env: box.env, cwd: box.dir, now: Date.now, log: { write: () => undefined }, progress: () => undefined };
  try {
    return await collect(app, db, makePlacer(db), options);
  } finally {
    db.close();
  }
}

export function query<T>(box: Sandbox, sql: string): T[] {
  const db = new Database(box.db, { readonly: true });
  try {
    return db.prepare<[], T>(sql).all();
  } finally {
    db.close();
  }
}

const SUMS = `count(*) AS records, sum(input_tokens) AS input, sum(output_tokens) AS output, sum(cache_read_tokens) AS cacheRead,
  sum(cache_write_5m_tokens) AS write5m, sum(cache_write_1h_tokens) AS write1h`;

export function storedTotal(box: Sandbox): Totals | undefined {
  return query<Totals>(box, `SELECT ${SUMS} FROM usage_records`)[0];
}

export function storedBySession(box: Sandbox): Record<string, Totals> {
  const rows = query<Totals & { name: string }>(box, `SELECT session_id AS name, ${SUMS} FROM usage_records GROUP BY session_id`);
  return Object.fromEntries(rows.map(({ name, ...totals }) => [name, totals]));
}
