/** `~/.boba/pricing.cache.json`: the newest price catalogue that was fetched. A copy that can be fetched again: whatever is wrong with it, it is left aside. */
import { hash } from "node:crypto";
import { statSync } from "node:fs";
import { type CatalogueData, readCatalogue } from "../core/catalogue-data.ts";
import { isObject } from "../core/catalogue-prices.ts";
import { readIfThere, writeFileAtomic } from "../platform/fs.ts";
import type { Paths } from "../platform/paths.ts";

export const MAX_CATALOGUE_BYTES = 16 * 1024 * 1024;
const SCHEMA = "boba.price-cache/1";

export interface PriceCache {
  url: string;
  etag: string | null;
  /** When its content arrived, and when a server last said that it is current; Unix milliseconds. */
  fetchedMs: number;
  checkedMs: number;
  data: CatalogueData;
}

export type CacheState = { cache: PriceCache | null; /** Why what is there cannot be used. */ damage: string | null };

export function readPriceCache(paths: Paths): CacheState {
  try {
    const size = statSync(paths.pricingCache, { throwIfNoEntry: false })?.size;
    if (size === undefined) return { cache: null, damage: null };
    if (size > MAX_CATALOGUE_BYTES) return { cache: null, damage: "it is too large" };
    const bytes = readIfThere(paths.pricingCache);
    return bytes === null ? { cache: null, damage: null } : parse(bytes.toString("utf8"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return { cache: null, damage: `it cannot be read (${code})` };
  }
}

function parse(text: string): CacheState {
  const bad = (damage: string): CacheState => ({ cache: null, damage });
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return bad("it is not JSON"); // cut short or edited: the reason is all there is to say
  }
  if (!isObject(file) || file["schema"] !== SCHEMA) return bad("it was not written by this version of boba");
  const fetchedMs = Date.parse(String(file["fetched_at"]));
  const checkedMs = Date.parse(String(file["checked_at"]));
  if (!Number.isFinite(fetchedMs) || !Number.isFinite(checkedMs)) return bad("it does not say when it was fetched");
  if (file["sha256"] !== digest(file["providers"])) return bad("its checksum is wrong");
  const { url, etag } = file;
  try {
    const data = readCatalogue(file["providers"]);
    const known = typeof url === "string" && typeof etag === "string" && etag.length <= 200;
    return { cache: { url: typeof url === "string" ? url : "", etag: known ? etag : null, fetchedMs, checkedMs, data }, damage: null };
  } catch (error) {
    return bad(error instanceof Error ? error.message : "it is not a price catalogue");
  }
}

/** Replaces the cache in one step, for its owner alone. */
export function writePriceCache(paths: Paths, { url, etag, fetchedMs, checkedMs, data }: PriceCache): void {
  const { providers } = data;
  const file = {
    schema: SCHEMA,
    url,
    etag,
    fetched_at: new Date(fetchedMs).toISOString(),
    checked_at: new Date(checkedMs).toISOString(),
    sha256: digest(providers),
    providers,
  };
  writeFileAtomic(paths.pricingCache, `${JSON.stringify(file)}\n`, 0o600);
}

function digest(providers: unknown): string {
  return hash("sha256", JSON.stringify(providers ?? null), "hex");
}
