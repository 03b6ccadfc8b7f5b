/** The prices of one model in a catalogue that came from outside. */
import type { Period, Prices } from "./catalogue-data.ts";
import { isDay } from "./range.ts";

/** What boba bills. Others (audio, images, ...) are left out: the price library would refuse or warn of what it does not know. */
const KEYS = ["input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok", "cache_write_1h_mtok", "web_searches_kcount"] as const;
const MAX_TEXT = 200;
const MAX_USD = 1e6;
const MAX_TIERS = 8;
const MAX_PERIODS = 100;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A name or pattern of reasonable length, printable. */
export function isShortText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= MAX_TEXT && !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(value);
}

/** One set of prices, or one for each period; null when anything in them is not as it should be. */
export function readPeriods(value: unknown): Prices | Period[] | null {
  if (!Array.isArray(value)) return readPrices(value);
  if (value.length === 0 || value.length > MAX_PERIODS) return null;
  const periods = value.map(readPeriod);
  return periods.includes(null) ? null : periods.filter((period) => period !== null);
}

function readPeriod(value: unknown): Period | null {
  if (!isObject(value)) return null;
  const prices = readPrices(value["prices"]);
  if (prices === null) return null;
  const constraint = value["constraint"];
  if (constraint === undefined || constraint === null) return { prices };
  if (!isObject(constraint)) return null;
  const { start_date: date, start_time: from, end_time: to } = constraint;
  if (typeof date === "string" && isDay(date)) return { constraint: { type: "start_date", start_date: date }, prices };
  if (typeof from === "string" && typeof to === "string" && TIME.test(from) && TIME.test(to))
    return { constraint: { type: "time_of_date", start_time: from, end_time: to }, prices };
  return null;
}

function readPrices(value: unknown): Prices | null {
  if (!isObject(value)) return null;
  const prices: Prices = {};
  for (const key of KEYS) {
    const found = value[key];
    if (found === undefined || found === null) continue;
    const price = readPrice(found);
    if (price === null) return null;
    prices[key] = price;
  }
  // The library wants whatever a special price is a kind of: no cache price without an input price, none for an hour without the plain one.
  const special = prices["cache_read_mtok"] ?? prices["cache_write_mtok"] ?? prices["cache_write_1h_mtok"];
  if (prices["input_mtok"] === undefined && special !== undefined) return null;
  return prices["cache_write_mtok"] === undefined && prices["cache_write_1h_mtok"] !== undefined ? null : prices;
}

function readPrice(value: unknown): Prices[string] | null {
  if (typeof value === "number") return isUsd(value) ? value : null;
  if (!isObject(value) || !isUsd(value["base"]) || !Array.isArray(value["tiers"]) || value["tiers"].length > MAX_TIERS) return null;
  const tiers: { start: number; price: number }[] = [];
  for (const tier of value["tiers"] as unknown[]) {
    if (!isObject(tier) || !isUsd(tier["price"]) || !Number.isSafeInteger(tier["start"]) || (tier["start"] as number) < 0) return null;
    tiers.push({ start: tier["start"] as number, price: tier["price"] });
  }
  return { base: value["base"], tiers };
}

function isUsd(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= MAX_USD;
}
