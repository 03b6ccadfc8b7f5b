/** What `boba sources` prints. */
import { formatTokens, groupDigits } from "../core/money.ts";
import type { SourceStatus } from "../core/source-status.ts";
import { printable, safeJson } from "../core/text.ts";
import { type Column, layoutTable } from "./layout.ts";
import { paintFor, type Screen } from "./paint.ts";

const MAX_SKIPPED_SHOWN = 20;
const DAY_MS = 86_400_000;

/** `boba.sources/1`. */
export function sourcesJson(sources: readonly SourceStatus[]): string {
  return safeJson({
    schema: "boba.sources/1",
    sources: sources.map(({ writtenAtMs, lastRecordMs, ...source }) => ({
      ...source,
      written_at: time(writtenAtMs),
      last_record_at: time(lastRecordMs),
    })),
  });
}

const time = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());

/** Those that are in use; the others in one line below. `home` is written `~`. */
export function sourcesTable(sources: readonly SourceStatus[], screen: Screen, home: string, nowMs: number): string {
  const shown = sources.filter(
    (source) => source.files > 0 || source.records > 0 || !source.enabled || source.paths.length > 0 || source.skipped.length > 0,
  );
  const others = sources.filter((source) => !shown.includes(source)).map(({ name }) => name);
  const column = (
    title: string,
    align: "left" | "right",
    drop: number,
    cell: (source: SourceStatus) => string,
    least?: number,
  ): Column => ({
    title,
    align,
    drop,
    cells: shown.map(cell),
    ...(least === undefined ? {} : { least }),
  });
  const table =
    shown.length === 0
      ? ["No agent's logs were found on this machine."]
      : layoutTable(
          [
            column("source", "left", 0, ({ id }) => printable(id)),
            column("state", "left", 0, stateOf),
            column("files", "right", 2, ({ files }) => groupDigits(files)),
            column("records", "right", 0, ({ records }) => formatTokens(records)),
            column("last record", "left", 1, ({ lastRecordMs }) => ago(lastRecordMs, nowMs)),
            column("skipped", "right", 1, ({ skipped }) => groupDigits(skipped.length)),
            column("folder", "left", 3, ({ folder }) => (folder === null ? "-" : short(folder, home)), 12),
          ],
          screen.columns,
          paintFor(screen),
        );
  const rest = others.length === 0 ? [] : ["", paintFor(screen).dim(`Looked for and not found: ${others.join(", ")}.`)];
  return [
    ...table,
    ...rest,
    ...(shown.some(({ skipped }) => skipped.length > 0) ? [paintFor(screen).dim("What was skipped and why: boba sources <source>")] : []),
  ].join("\n");
}

/** One source, whole. */
export function sourceText(source: SourceStatus, home: string, nowMs: number): string {
  const { folder, paths, skipped } = source;
  return [
    `${source.name} (${source.id})`,
    `  state        ${stateOf(source)}`,
    `  files        ${groupDigits(source.files)}${folder === null ? "" : ` in ${short(folder, home)}`}`,
    ...(source.writtenAtMs === null ? [] : [`  last written ${ago(source.writtenAtMs, nowMs)}`]),
    ...paths.map((path) => `  also reads   ${printable(path)}`),
    `  records      ${groupDigits(source.records)}${source.lastRecordMs === null ? "" : `, the last ${ago(source.lastRecordMs, nowMs)}`}`,
    `  skipped      ${groupDigits(skipped.length)}`,
    ...skipped
      .slice(0, MAX_SKIPPED_SHOWN)
      .map(({ path, line, reason }) => `    ${short(path, home)}${line > 0 ? `:${line}` : ""}  ${printable(reason)}`),
    ...(skipped.length > MAX_SKIPPED_SHOWN
      ? [`    and ${groupDigits(skipped.length - MAX_SKIPPED_SHOWN)} more (--format json lists all)`]
      : []),
  ].join("\n");
}

function stateOf({ enabled, kind, files }: SourceStatus): string {
  if (!enabled) return "off";
  if (kind === "import") return "imported";
  return files > 0 ? "on" : "nothing found";
}

function short(path: string, home: string): string {
  return printable(path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path);
}

/** `today`, `3 days ago`; never more exact than anyone needs. */
function ago(atMs: number | null, nowMs: number): string {
  if (atMs === null) return "-";
  const hours = Math.floor((nowMs - atMs) / 3_600_000);
  if (hours < 1) return "within the hour";
  if (hours < 24) return hours === 1 ? "1 hour ago" : `${hours} hours ago`;
  const days = Math.floor((nowMs - atMs) / DAY_MS);
  return days === 1 ? "1 day ago" : `${groupDigits(days)} days ago`;
}
