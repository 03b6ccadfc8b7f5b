/** `boba ci --format json`: the contract `boba.ci/1`. */
import type { RangeCost, Skipped } from "../core/ci.ts";
import { jsonText, skippedJson, sumsJson } from "./sums-json.ts";

export interface CiReport {
  base: string;
  head: string;
  cost: RangeCost;
  skipped: Skipped;
}

export function ciJson({ base, head, cost, skipped }: CiReport): string {
  return jsonText({
    schema: "boba.ci/1",
    base,
    head,
    ...sumsJson(cost.total),
    commits: cost.commits.length,
    commits_with_data: cost.commitsWithData,
    by_model: cost.models.map(({ tool, model, sums }) => ({ model, tool, ...sumsJson(sums) })),
    by_commit: cost.commits.map(({ sha, subject, cells, own }) => ({
      commit: sha,
      subject,
      has_data: cells.length > 0,
      ...sumsJson(own),
    })),
    skipped: skippedJson(skipped),
  });
}
