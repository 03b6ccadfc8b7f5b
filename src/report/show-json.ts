/** `boba show --format json` (`boba.show/1`) and `boba notes show --format json` (`boba.notes-show/1`). */
import { type Cell, cellTokens } from "../core/cell.ts";
import { type RangeCost, type Skipped, sumCells } from "../core/ci.ts";
import type { Reason } from "../core/summary.ts";
import { jsonText, skippedJson, sumsJson } from "./sums-json.ts";

export function showJson(cost: RangeCost, skipped: Skipped, why: ReadonlyMap<string, readonly Reason[]> | null = null): string {
  return jsonText({
    schema: "boba.show/1",
    commits: cost.commits.map(({ sha, subject, cells }) => ({
      commit: sha,
      subject,
      ...sumsJson(sumCells(cells)),
      ...(why === null ? {} : { why: why.get(sha) ?? [] }),
      cells: cells.map(cellJson),
    })),
    commits_with_data: cost.commitsWithData,
    total: sumsJson(cost.total),
    skipped: skippedJson(skipped),
  });
}

export function notesShowJson(
  commit: string,
  writers: readonly { writer: string; own: boolean; cells: readonly Cell[] }[],
  skipped: Skipped,
): string {
  return jsonText({
    schema: "boba.notes-show/1",
    commit,
    writers: writers.map(({ writer, own, cells }) => ({ writer, own, cells: cells.map(cellJson) })),
    skipped: skippedJson(skipped),
  });
}

function cellJson(cell: Cell): Record<string, unknown> {
  return {
    id: cell.id,
    tool: cell.tool,
    model: cell.model,
    branch: cell.branch,
    requests: cell.requests,
    input_tokens: cell.input,
    output_tokens: cell.output,
    cache_read_tokens: cell.cacheRead,
    cache_write_tokens: cell.cacheWrite,
    total_tokens: cellTokens(cell),
    cost_usd: cell.nanoUsd === null ? null : cell.nanoUsd / 1e9,
    cost_nano_usd: cell.nanoUsd === null ? null : String(cell.nanoUsd),
    unpriced_requests: cell.unpriced,
    from: cell.fromS,
    to: cell.toS,
  };
}
