/** An audit as text or JSON (`boba.audit/1`). */
import { type Audit, BUCKETS } from "../core/audit.ts";

export function renderAudit(audit: Audit, format: string): string {
  return format === "json" ? JSON.stringify(auditFields(audit), null, 2) : table(audit);
}

export function auditFields(audit: Audit): object {
  const buckets = BUCKETS.map((name) => {
    const { requests, costNanoUsd, unpriced } = audit.buckets[name];
    return [name, { records: requests, requests, cost_nano_usd: costNanoUsd.toString(), unpriced_requests: unpriced }];
  });
  const { records, costNanoUsd, faults, balanced } = audit;
  return { schema: "boba.audit/1", records, cost_nano_usd: costNanoUsd.toString(), buckets: Object.fromEntries(buckets), faults, balanced };
}

/** Dollars with all nine decimals: an audit rounds nothing. */
const exact = (nano: bigint): string => `${nano / 1_000_000_000n}.${(nano % 1_000_000_000n).toString().padStart(9, "0")}`;

function table(audit: Audit): string {
  const rows = BUCKETS.map((name) => [name, audit.buckets[name]] as const);
  const lines = rows.map(([name, sum]) => [
    name,
    String(sum.requests),
    exact(sum.costNanoUsd),
    sum.unpriced > 0 ? `${sum.unpriced} unpriced` : "",
  ]);
  lines.push(["records", String(audit.records), exact(audit.costNanoUsd), ""]);
  const width = (column: number) => Math.max(...lines.map((line) => (line[column] ?? "").length));
  const text = lines.map(([name = "", requests = "", cost = "", note = ""], at) => {
    const line = `${name.padEnd(width(0))}  ${requests.padStart(width(1))}  $${cost.padStart(width(2))}  ${note}`.trimEnd();
    return at === lines.length - 1 ? `${"-".repeat(width(0) + width(1) + width(2) + 5)}\n${line}` : line;
  });
  const verdict = audit.balanced ? "balanced" : `NOT balanced${audit.faults.map((fault) => `\n  ${fault}`).join("")}`;
  return [...text, verdict].join("\n");
}
