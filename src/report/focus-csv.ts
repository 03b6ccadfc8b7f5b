/** FOCUS 1.2 as CSV. Column names and their rules: https://focus.finops.org/focus-specification/v1-2/ */
import { EMPTY_RECORD } from "../core/export.ts";
import type { FocusCharge, Meter } from "../core/focus.ts";
import { providerOf } from "../core/providers.ts";
import { printable } from "../core/text.ts";
import { csvCell } from "./csv.ts";

const METER_NAMES: Readonly<Record<Meter, string>> = {
  input: "Input tokens",
  output: "Output tokens",
  cacheRead: "Cache read tokens",
  cacheWrite5m: "Cache write tokens (5 minutes)",
  cacheWrite1h: "Cache write tokens (1 hour)",
  webSearches: "Web searches",
};
const HOUR_MS = 3_600_000;

/** What stays the same on every line. */
const CONSTANT = { BillingCurrency: "USD", ChargeCategory: "Usage", ChargeClass: "", ServiceCategory: "AI and Machine Learning" };

/**
 * What was billed is not known here: it stands on the provider's invoice, or in a subscription. So BilledCost and EffectiveCost are 0, and the
 * price list's figure is in ListCost and ContractedCost (nothing is known of discounts); empty where the model has no known price.
 */
function columns({ hourMs, meter, quantity, listNanoUsd, record }: FocusCharge): Record<string, string> {
  const start = new Date(hourMs);
  const month = (offset: number) => time(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + offset));
  const list = listNanoUsd === null ? "" : decimal(listNanoUsd, 9);
  const searches = meter === "webSearches";
  const name = METER_NAMES[meter];
  return {
    BilledCost: "0",
    BillingAccountId: record.provider,
    BillingAccountName: record.provider,
    BillingCurrency: CONSTANT.BillingCurrency,
    BillingPeriodStart: month(0),
    BillingPeriodEnd: month(1),
    ChargeCategory: CONSTANT.ChargeCategory,
    ChargeClass: CONSTANT.ChargeClass,
    ChargeDescription: `${record.model}: ${name.toLowerCase()}`,
    ChargePeriodStart: time(hourMs),
    ChargePeriodEnd: time(hourMs + HOUR_MS),
    ConsumedQuantity: String(quantity),
    ConsumedUnit: searches ? "Searches" : "Tokens",
    ContractedCost: list,
    EffectiveCost: "0",
    InvoiceIssuerName: record.provider,
    ListCost: list,
    PricingQuantity: searches ? decimal(quantity, 3) : decimal(quantity, 6),
    PricingUnit: searches ? "1000 Searches" : "1000000 Tokens",
    ProviderName: record.provider,
    PublisherName: providerOf(null, record.model, record.provider),
    ResourceId: record.sessionId,
    ServiceCategory: CONSTANT.ServiceCategory,
    ServiceName: record.tool,
    ServiceSubcategory: "Generative AI",
    SkuId: record.model,
    SkuMeter: name,
    Tags: tags(record),
  };
}

/** A flat object, as FOCUS wants it; what is not known is left out. */
function tags({ repo, branch, commit, project }: FocusCharge["record"]): string {
  const all = { "boba/project": project, "boba/repo": repo, "boba/branch": branch, "boba/commit": commit };
  return JSON.stringify(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)));
}

/** A header, then a line a charge. `onUnpriced` is told at the end how many have no price, if any. */
export function* focusCsv(charges: Iterable<FocusCharge>, onUnpriced: (charges: number) => void): Generator<string> {
  let unpriced = 0;
  yield `${Object.keys(columns({ hourMs: 0, meter: "input", quantity: 0, listNanoUsd: null, record: EMPTY_RECORD })).join(",")}\r\n`;
  for (const charge of charges) {
    if (charge.listNanoUsd === null) unpriced++;
    yield `${Object.values(columns(charge))
      .map((value) => csvCell(printable(value)))
      .join(",")}\r\n`;
  }
  if (unpriced > 0) onUnpriced(unpriced);
}

/** `2026-11-23T14:00:00Z`. */
function time(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

/** A whole number of 10^-places as an exact decimal, without zeros at its end. */
function decimal(units: number, places: number): string {
  const digits = String(units).padStart(places + 1, "0");
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, "");
}
