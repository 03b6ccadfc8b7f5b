/** Which models have records without a price. */
import type { Db } from "../platform/sqlite.ts";
import { conditions, type Filter } from "./report.ts";

export interface UnpricedModel {
  model: string;
  records: number;
}

/** How many records have no price. */
export function countUnpriced(db: Db): number {
  return db.prepare("SELECT count(*) FROM usage_records WHERE cost_nanousd IS NULL").pluck().get() as number;
}

/** Of the records that pass, most first. */
export function unpricedModels(db: Db, filter: Filter | null): UnpricedModel[] {
  const { where, values } = filter === null ? { where: "", values: {} } : conditions(filter);
  return db
    .prepare<[Record<string, string | number>], UnpricedModel>(
      `SELECT model, count(*) AS records FROM usage_records ${where === "" ? "WHERE" : `${where} AND`} cost_nanousd IS NULL
       GROUP BY model ORDER BY records DESC, model`,
    )
    .all(values);
}
