/** What a backfill did, as text and as JSON (`boba.backfill/1`). */
import { BUCKETS } from "../core/audit.ts";
import type { BackfilledRepo, BackfillSummary } from "../core/backfill.ts";
import { counted, formatCost } from "../core/money.ts";
import { pad, printable, safeJson } from "../core/text.ts";
import { countFields } from "./json.ts";

export function backfillJson(summary: BackfillSummary): string {
  const iso = (atMs: number | null) => (atMs === null ? null : new Date(atMs).toISOString());
  return safeJson({
    schema: "boba.backfill/1",
    since: iso(summary.sinceS === null ? null : summary.sinceS * 1000),
    new_records: summary.newRecords,
    booked: summary.booked,
    buckets: Object.fromEntries(BUCKETS.map((name) => [name, countFields(summary.buckets[name])])),
    commits_with_data: summary.commits,
    repos: summary.repos.map(({ name, reflogFromMs, recordsFromMs, pendingFromMs }) => ({
      repo: name,
      reflog_from: iso(reflogFromMs),
      records_from: iso(recordsFromMs),
      pending_from: iso(pendingFromMs),
    })),
    waiting: summary.waiting,
    errors: summary.errors,
  });
}

const NAMES = { committed: "on commits", pending: "pending", abandoned: "abandoned", outside: "outside any repo" } as const;

export function backfillText(summary: BackfillSummary): string {
  const lines = [`${counted(summary.newRecords, "new record")} read, ${counted(summary.booked, "record")} booked to commits in this run`];
  for (const name of BUCKETS) {
    const counts = summary.buckets[name];
    const where = name === "committed" ? ` on ${counted(summary.commits, "commit")}` : "";
    lines.push(`  ${pad(NAMES[name], 16, "left")}  ${counted(counts.requests, "request")}${where}, ${formatCost(counts)}`);
  }
  if (summary.waiting.length > 0) lines.push("not booked:");
  for (const { why, requests } of summary.waiting) lines.push(`  ${why}: ${counted(requests, "request")}`);
  lines.push(...summary.repos.flatMap(unreached));
  for (const { source, message } of summary.errors) lines.push(`${source} could not be collected: ${printable(message)}`);
  return lines.join("\n");
}

/** What waits because it is older than anything the reflogs say. */
function unreached({ name, reflogFromMs, pendingFromMs }: BackfilledRepo): string[] {
  if (pendingFromMs === null || (reflogFromMs !== null && reflogFromMs <= pendingFromMs)) return [];
  if (reflogFromMs === null) return [`${printable(name)}: it has no reflog; its records (oldest ${day(pendingFromMs)}) wait for a commit`];
  const when = day(reflogFromMs) === day(pendingFromMs) ? minute : day;
  return [
    `${printable(name)}: its reflog begins ${when(reflogFromMs)}; records from before it (oldest ${when(pendingFromMs)}) wait for a commit`,
  ];
}

const day = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
const minute = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 16)}Z`;
