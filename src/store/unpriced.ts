/** Which models have records without a price. */
import type { Db } from "../platform/sqlite.ts";

export interface UnpricedModel {
  model: string;
  records: number;
}

/** Most records first. */
export function unpricedModels(db: Db): UnpricedModel[] {
  return db
    .prepare<[], UnpricedModel>(
      "SELECT model, count(*) AS records FROM usage_records WHERE cost_nanousd IS NULL GROUP BY model ORDER BY records DESC, model LIMIT 100",
    )
    .all();
}
