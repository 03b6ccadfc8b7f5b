/** `boba pricing update`: fetches the newest price catalogue. What cannot be fetched or is not sound changes nothing. */
import { MAX_CATALOGUE_BYTES, readPriceCache, writePriceCache } from "../config/price-cache.ts";
import { loadSettings } from "../config/settings.ts";
import { readCatalogue } from "../core/catalogue-data.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { VERSION } from "../core/version.ts";
import { download, DownloadError, isFetchable } from "../platform/http.ts";
import type { App } from "./app.ts";
import { catalogueUrl, sourceInForce } from "./prices.ts";

export interface PricingUpdate {
  /** `kept`: nothing was changed, for `reason`. */
  outcome: "updated" | "unchanged" | "kept";
  url: string;
  reason: string | null;
  models: number;
  leftOut: number;
  /** The price list that is in force now. */
  source: string;
}

const TIMEOUT_MS = 10_000;

/** Never throws for the network or for what it sent. @throws BobaError BOBA-USE-40 for an address that may not be fetched, BOBA-FS-40. */
export async function updatePricing(app: App, typedUrl: string | undefined): Promise<PricingUpdate> {
  const url = typedUrl ?? (await loadSettings(app.paths)).pricing.url ?? (await catalogueUrl());
  if (!isFetchable(url)) {
    const hint = "use an https address without a name or password (http only for this machine, e.g. http://127.0.0.1:8080/prices.json)";
    throw new BobaError("BOBA-USE-40", EXIT.usage, "prices are not fetched from that address", hint);
  }
  const { cache } = readPriceCache(app.paths);
  const known = cache !== null && cache.url === url ? cache : null;
  const told = { url, models: cache?.data.models ?? 0, leftOut: 0 };
  try {
    const userAgent = `bobamixer/${VERSION}`;
    const got = await download(url, { etag: known?.etag ?? null, userAgent, timeoutMs: TIMEOUT_MS, maxBytes: MAX_CATALOGUE_BYTES });
    const nowMs = app.now();
    if (got.status === 304) {
      if (known === null) throw new DownloadError("the server answered 304 to a question that was not asked");
      save(app, () => writePriceCache(app.paths, { ...known, checkedMs: nowMs }));
      return { ...told, outcome: "unchanged", reason: null, source: sourceInForce(app) };
    }
    const data = parse(got.body);
    save(app, () => writePriceCache(app.paths, { url, etag: got.etag, fetchedMs: nowMs, checkedMs: nowMs, data }));
    return { outcome: "updated", url, reason: null, models: data.models, leftOut: data.leftOut, source: sourceInForce(app) };
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    app.log.write("warn", "pricing-update-failed", { reason: error.message });
    return { ...told, outcome: "kept", reason: error.message, source: sourceInForce(app) };
  }
}

function parse(body: Buffer) {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new DownloadError("what the server sent is not JSON"); // its text may be anything: it is not shown
  }
  try {
    return readCatalogue(value);
  } catch (error) {
    throw new DownloadError(`what the server sent is not a price catalogue: ${error instanceof Error ? error.message : ""}`);
  }
}

function save(app: App, write: () => void): void {
  try {
    write();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const full = code === "ENOSPC";
    throw new BobaError(
      "BOBA-FS-40",
      full ? EXIT.failed : EXIT.permission,
      `${app.paths.pricingCache} cannot be written (${code})`,
      full ? "free some disk space and run the same command again" : `give yourself the right to write in ${app.paths.home}`,
      error,
    );
  }
}
