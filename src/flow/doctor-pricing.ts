/** `boba doctor --pricing`: does every model have a price, how sure is it, and is the list that it comes from fresh? */
import { readPriceCache } from "../config/price-cache.ts";
import { CATALOGUE_DATE, createResolver, type PriceOverride, type Resolver } from "../core/catalogue.ts";
import { fault, type Finding, fine } from "../core/finding.ts";
import { counted } from "../core/money.ts";
import type { ModelUsage } from "../core/price-list.ts";
import { modelUsage } from "../store/model-usage.ts";
import type { App } from "./app.ts";
import { type Diagnosis, type Remedy, withRemedy } from "./doctor-remedy.ts";
import { inLedgerIfThere } from "./ledger.ts";
import { dayOf, loadPrices, sourceInForce } from "./prices.ts";

const DAY_MS = 86_400_000;
/** Makers bring out models and change prices every few weeks. */
const STALE_DAYS = 90;
const MAX_LISTED = 20;

/** @throws BobaError BOBA-CFG-* for `pricing.yaml`, BOBA-DB-* for the ledger. */
export async function checkPricing(app: App): Promise<Finding[]> {
  const { overrides, catalogue } = await loadPrices(app);
  const used = inLedgerIfThere(app, [], modelUsage);
  const resolve = createResolver(overrides, catalogue);
  return [
    ...checkPriceCache(app),
    checkAge(app),
    ...used.filter(({ unpriced }) => unpriced > 0).map((usage) => withoutPrice(app, usage, resolve)),
    ...estimates(used, resolve, app.now()),
    ...overrides.flatMap((entry) => (used.length === 0 || used.some(({ model }) => fits(entry, model)) ? [] : unused(app, entry))),
  ].slice(0, MAX_LISTED * 2);
}

/** The one line of the plain run. Only a list that was fetched can have been forgotten: the built-in one is as old as the program. */
export function checkPriceList(app: App, network: boolean): Diagnosis[] {
  const damaged = checkPriceCache(app).map((finding) => (network ? withRemedy(finding, fetched(app)) : finding));
  if (damaged.length > 0) return damaged;
  const age = checkAge(app);
  if (age.level === "ok") return [age];
  if (readPriceCache(app.paths).cache !== null) return [network ? withRemedy(age, fetched(app)) : age];
  return [fine("prices", `${age.what}; newer prices: boba pricing update`)];
}

function fetched(app: App): Remedy {
  const apply = async () => {
    const { outcome, reason } = await (await import("./pricing-update.ts")).updatePricing(app, undefined);
    return outcome === "kept" ? (reason ?? "the server sent nothing new") : null;
  };
  return { key: "prices", does: "fetches the newest prices", apply };
}

/** What was fetched and cannot be used. */
function checkPriceCache(app: App): Finding[] {
  const { damage } = readPriceCache(app.paths);
  if (damage === null) return [];
  return [
    fault("warn", "prices", {
      what: `${app.paths.pricingCache} is left aside: ${damage}`,
      why: "the built-in price list is used instead",
      mend: "boba pricing update",
    }),
  ];
}

function checkAge(app: App): Finding {
  const { cache } = readPriceCache(app.paths);
  const freshMs = Math.max(Date.parse(CATALOGUE_DATE), cache?.checkedMs ?? 0);
  const days = Math.floor((app.now() - freshMs) / DAY_MS);
  if (days <= STALE_DAYS) return fine("prices", `${sourceInForce(app)}, as of ${dayOf(freshMs)}`);
  return fault("warn", "prices", {
    what: `the price list (${sourceInForce(app)}) is ${days} days old`,
    why: "newer models are not in it, and prices may have changed",
    mend: "boba pricing update",
  });
}

function withoutPrice(app: App, usage: ModelUsage, resolve: Resolver): Finding {
  const what = `${count(usage.unpriced)} of ${usage.model} (${usage.provider}) ${usage.unpriced === 1 ? "has" : "have"} no price`;
  const why = "totals that hold them are shown as a floor (>=)";
  if (resolve(usage.provider, usage.model, usage.newestMs) !== null)
    return fault("warn", "prices", {
      what,
      why: `${why}; a price is known now, unless they used what has none of its own (fast mode, searches)`,
      mend: "boba pricing reprice --yes",
    });
  return fault("warn", "prices", {
    what,
    why,
    mend: `boba pricing update; else add the model to ${app.paths.pricing}, then: boba pricing reprice --yes`,
    details: ["models:", `  ${JSON.stringify(usage.model)}:`, "    input_per_mtok: 1.00", "    output_per_mtok: 2.00"],
  });
}

/** Nothing to mend, but good to know. */
function estimates(used: readonly ModelUsage[], resolve: Resolver, nowMs: number): Finding[] {
  return used.slice(0, MAX_LISTED).flatMap(({ provider, model, mapped, heuristic }) => {
    const found: Finding[] = [];
    const price = resolve(provider, model, nowMs);
    const whose = price === null ? "another name" : `${price.provider ?? price.sheet.source} ${price.listedAs}`;
    if (mapped > 0) found.push(fine("prices", `${count(mapped)} of ${model} (${provider}) by the price of ${whose}`));
    if (heuristic > 0)
      found.push(
        fine("prices", `${count(heuristic)} of ${model} (${provider}) estimated: a rate was derived, or the log does not tell all`),
      );
    return found;
  });
}

function unused({ paths }: App, { model, isPrefix }: PriceOverride): Finding {
  return fault("warn", "prices", {
    what: `${JSON.stringify(`${model}${isPrefix ? "*" : ""}`)} in pricing.yaml fits no model of any record`,
    why: "an entry fits the exact name in the log, or a beginning of it with a * behind",
    mend: `see the names with: boba pricing list; then correct or remove it in ${paths.pricing}`,
  });
}

function fits({ model, isPrefix }: PriceOverride, name: string): boolean {
  return isPrefix ? name.startsWith(model) : name === model;
}

const count = (records: number): string => counted(records, "record");
