/** `boba pricing list` for people. */
import { formatUsd, groupDigits } from "../core/money.ts";
import type { PriceList, PriceRow } from "../core/price-list.ts";
import type { Rates, Tier } from "../core/price.ts";
import { printable } from "../core/text.ts";
import { type Column, layoutTable } from "./layout.ts";
import { paintFor, type Screen } from "./paint.ts";
import { wrap } from "./wrap.ts";

interface Line {
  row: PriceRow;
  /** Null: no price. */
  tier: Tier | null;
  first: boolean;
}

/** A line for each tier of each model, and what the marks mean. */
export function pricingTable(list: PriceList, screen: Screen): string {
  const paint = paintFor(screen);
  const title = paint.accent(`US dollars per million tokens, ${new Date(list.asOfMs).toISOString().slice(0, 10)}`);
  const lines = list.rows.flatMap((row): Line[] => {
    const tiers = row.price?.sheet.tiers ?? [null];
    return tiers.map((tier, at) => ({ row, tier, first: at === 0 }));
  });
  if (lines.length === 0)
    return [title, "", "Nothing recorded. See every known price with: boba pricing list --all", "", `Prices: ${list.source}.`].join("\n");
  const table = layoutTable(columns(lines), screen.columns, paint);
  const notes = footnotes(list, lines).flatMap((note) => wrap(note, screen.columns));
  return [title, "", ...table, "", ...notes.map((note) => paint.dim(note))].join("\n");
}

function columns(lines: readonly Line[]): Column[] {
  const text = (title: string, drop: number, least: number, cell: (line: Line) => string): Column => {
    return { title, align: "left", drop, least, cells: lines.map((line) => printable(cell(line))) };
  };
  const figure = (title: string, drop: number, cell: (line: Line) => string): Column => {
    return { title, align: "right", drop, cells: lines.map(cell) };
  };
  const rate = (title: string, name: keyof Rates, drop: number) => figure(title, drop, ({ tier }) => rateText(tier, name));
  const used = lines.some(({ row }) => row.usage !== null);
  const dated = lines.some(({ row }) => sinceText(row) !== "");
  const fast = lines.some(({ row }) => fastText(row) !== "");
  return [
    text("model", 0, 30, ({ row, tier, first }) => (first ? row.model : `  > ${groupDigits(tier?.abovePromptTokens ?? 0)} tokens`)),
    text("provider", 6, 8, ({ row, first }) => (first ? row.provider || "-" : "")),
    ...(used ? [figure("records", 2, ({ row, first }) => (first && row.usage !== null ? groupDigits(row.usage.records) : ""))] : []),
    rate("input", "input", 0),
    rate("output", "output", 0),
    rate("cache read", "cacheRead", 1),
    rate("write 5m", "cacheWrite5m", 1),
    rate("write 1h", "cacheWrite1h", 1),
    ...(fast ? [figure("fast", 4, ({ row, first }) => (first ? fastText(row) : ""))] : []),
    ...(dated ? [text("since", 5, 10, ({ row, first }) => (first ? sinceText(row) : ""))] : []),
    text("price of", 4, 26, ({ row, first }) => (first ? whoseText(row) : "")),
  ];
}

function rateText(tier: Tier | null, name: keyof Rates): string {
  const rate = tier?.rates[name] ?? null;
  if (tier === null || rate === null) return "n/a";
  return `${tier.derived.includes(name) ? "~" : ""}${perMillion(rate)}`;
}

/** Two decimals at least, all that are not 0. */
function perMillion(nanoUsd: number): string {
  const [whole = "0", part = ""] = (nanoUsd / 1e9).toFixed(9).replace(/0+$/, "").split(".");
  return `${whole}.${part.padEnd(2, "0")}`;
}

function fastText({ price }: PriceRow): string {
  const tenths = price?.sheet.fastTenths ?? null;
  return tenths === null || tenths === 10 ? "" : `x${tenths / 10}`;
}

function sinceText({ price }: PriceRow): string {
  return price === null || price.sinceMs === null ? "" : new Date(price.sinceMs).toISOString().slice(0, 10);
}

function whoseText({ price }: PriceRow): string {
  if (price === null) return "nobody known";
  const whose = price.provider === null ? price.sheet.source : `${price.provider} ${price.listedAs}`;
  return price.sheet.level === "mapped" ? `${whose} *` : whose;
}

function footnotes(list: PriceList, lines: readonly Line[]): string[] {
  const notes = [`Prices: ${list.source}, after those in pricing.yaml.`];
  const any = (test: (line: Line) => boolean) => lines.some(test);
  if (any(({ tier }) => tier !== null && tier.derived.length > 0))
    notes.push("~ derived from the listed price: what is billed by it is an estimate.");
  if (any(({ row }) => row.price?.sheet.level === "mapped")) notes.push("* listed under another name, or by the model's maker.");
  if (any(({ row }) => row.price?.byHour === true)) notes.push("Some prices change with the time of day; shown is the one of now.");
  for (const { row, first } of lines) {
    if (!first || row.usage === null || row.usage.reportedRecords === 0) continue;
    const { reportedRecords, reportedNanoUsd, storedOfReportedNanoUsd } = row.usage;
    const own = `${printable(row.model)}: its agent reported ${formatUsd(reportedNanoUsd)} for ${groupDigits(reportedRecords)} records`;
    notes.push(`${own}; boba booked ${formatUsd(storedOfReportedNanoUsd)} for them.`);
  }
  const unknown = new Set(lines.filter(({ row }) => row.price === null).map(({ row }) => printable(row.model)));
  if (unknown.size > 0)
    notes.push(
      `n/a: add the model under models: in ${list.pricingFile}, or fetch newer prices: boba pricing update. Then: boba pricing reprice --dry-run`,
    );
  return notes;
}
