/** Why records are where they are, as text or JSON (`boba.explain/1`). */
import type { Audit } from "../core/audit.ts";
import type { ExplainedRow, Explanation } from "../core/explain.ts";
import { counted } from "../core/money.ts";
import { safeJson } from "../core/text.ts";
import { auditFields, renderAudit } from "./audit.ts";

/** Of the records that `what` names. */
export function renderExplanation(told: Explanation, format: string, what: string): string {
  if (format === "json") return json(told, {});
  return told.total === 0 ? `No record is booked to ${clean(what)}.` : paragraphs(told).join("\n\n");
}

/** The audit, and why each record waits that does. */
export function renderAuditAndWhy(audit: Audit, pending: Explanation, format: string): string {
  if (format === "json") return json(pending, { audit: auditFields(audit) });
  return [renderAudit(audit, format), ...paragraphs(pending)].join("\n\n");
}

function json({ rows, total }: Explanation, more: object): string {
  const records = rows.map(({ atMs, costNanoUsd, ...row }) => ({
    ...row,
    at: new Date(atMs).toISOString(),
    cost_nano_usd: costNanoUsd === null ? null : String(costNanoUsd),
  }));
  return safeJson({ schema: "boba.explain/1", ...more, records_total: total, records });
}

/** Names come from logs and repositories: nothing in them may steer a terminal. */
const clean = (text: string | null): string => (text ?? "-").replaceAll(/[\p{Cc}\p{Cf}]/gu, "?");

function paragraphs({ rows, total }: Explanation): string[] {
  const left = total - rows.length;
  const rest = `${counted(left, "newer record")} not listed; to list all: --limit ${total}`;
  return [...rows.map(paragraph), ...(left > 0 ? [rest] : [])];
}

function paragraph(row: ExplainedRow): string {
  const cost = row.costNanoUsd === null ? "n/a" : `$${(row.costNanoUsd / 1e9).toFixed(6)}`;
  const head = `${row.id.slice(0, 12)}  ${new Date(row.atMs).toISOString()}  ${clean(row.model)}  ${cost}`;
  const place = `  ${clean(row.repo ?? row.worktree)}  branch ${clean(row.branch)}  session ${clean(row.session)}`;
  const claims = row.claims.map((claim) => {
    const marks = [claim.via, `by ${claim.evidence}`, ...(claim.first ? ["first"] : []), ...(claim.reachable ? [] : ["no ref reaches it"])];
    return `  ${claim.commit === row.home ? "*" : " "} ${claim.commit.slice(0, 10)}  ${marks.join(", ")}  ${clean(claim.subject)}`;
  });
  return [head, place, `  ${row.why}`, ...claims].join("\n");
}
