/** Which models have records without a price. */
import type { Db } from "../platform/sqlite.ts";

export interface UnpricedModel {
  model: string;
  records: number;
}

/** How many records have no price. */
export function countUnpriced(db: Db): number {
  return db.prepare("SELECT count(*) FROM usage_records WHERE cost_nanousd IS NULL").pluck().get() as number;
}

/** Most records first; at most a hundred models. */
export function unpricedModels(db: Db): UnpricedModel[] {
  return db
    .prepare<[], UnpricedModel>(
      "SELECT model, count(*) AS records FROM usage_records WHERE cost_nanousd IS NULL GROUP BY model ORDER BY records DESC, model LIMIT 100",
    )
    .all();
}
