/** `~/.boba/pricing.yaml`: prices that come before the catalogue's. */
import type { ZodType } from "zod";
import type { PriceOverride } from "../core/catalogue.ts";
import type { Paths } from "../platform/paths.ts";
import { readConfigText } from "./config-text.ts";
import { strict } from "./schema-parts.ts";
import { parseConfig } from "./yaml-file.ts";

/** One entry as written. A model may have a list of them, each with its `from`. */
interface Entry {
  from?: string | undefined;
  input_per_mtok?: number | undefined;
  output_per_mtok?: number | undefined;
  input_per_1k?: number | undefined;
  output_per_1k?: number | undefined;
  cache_read_per_mtok?: number | undefined;
  cache_write_5m_per_mtok?: number | undefined;
  cache_write_1h_per_mtok?: number | undefined;
}

interface File {
  models: Record<string, Entry | Entry[]>;
}

const PER_1K_TO_PER_MTOK = 1000;

/** The user's prices; none when the file is missing. @throws BobaError BOBA-CFG-1 to -4 naming file, line, column and what was expected. */
export async function loadPricing(paths: Paths): Promise<PriceOverride[]> {
  const text = readConfigText(paths.pricing);
  return text === null ? [] : parsePricing(paths.pricing, text);
}

/** The same for a text that is not in place yet. */
export async function parsePricing(path: string, text: string): Promise<PriceOverride[]> {
  const file = await parseConfig(path, text, pricingSchema);
  return Object.entries(file.models).flatMap(([model, entries]) =>
    (Array.isArray(entries) ? entries : [entries]).map((entry) => toOverride(model, entry)),
  );
}

function toOverride(model: string, entry: Entry): PriceOverride {
  const isPrefix = model.endsWith("*");
  return {
    model: isPrefix ? model.slice(0, -1) : model,
    isPrefix,
    fromMs: entry.from === undefined ? 0 : Date.parse(`${entry.from}T00:00:00Z`),
    inputPerMtok: entry.input_per_mtok ?? (entry.input_per_1k ?? 0) * PER_1K_TO_PER_MTOK,
    outputPerMtok: entry.output_per_mtok ?? (entry.output_per_1k ?? 0) * PER_1K_TO_PER_MTOK,
    cacheReadPerMtok: entry.cache_read_per_mtok,
    cacheWrite5mPerMtok: entry.cache_write_5m_per_mtok,
    cacheWrite1hPerMtok: entry.cache_write_1h_per_mtok,
  };
}

export async function pricingSchema(): Promise<ZodType<File>> {
  const { z } = await import("zod");
  const usd = z
    .number({ error: "expected a price in US dollars, e.g. 3.00" })
    .min(0, "a price is 0 or more")
    .max(1e6, "a price is at most 1,000,000")
    .optional();
  const entry = strict(z, {
    from: z.iso.date({ error: "expected a date, e.g. 2026-01-31" }).optional(),
    input_per_mtok: usd,
    output_per_mtok: usd,
    input_per_1k: usd,
    output_per_1k: usd,
    cache_read_per_mtok: usd,
    cache_write_5m_per_mtok: usd,
    cache_write_1h_per_mtok: usd,
  })
    .refine((value) => value.input_per_mtok !== undefined || value.input_per_1k !== undefined, { error: "expected input_per_mtok" })
    .refine((value) => value.output_per_mtok !== undefined || value.output_per_1k !== undefined, { error: "expected output_per_mtok" });
  return strict(z, { models: z.record(z.string().min(1), z.union([entry, z.array(entry)])).default({}) });
}
