/**
 * A price catalogue that came from outside (the shape of genai-prices' data.json), field by field. By hand and not by a schema library, because it is
 * read again at every run that prices something, and because one bad entry must not cost the others.
 */
import { isObject, isShortText, readPeriods } from "./catalogue-prices.ts";

/** How a model's names are recognised; evaluated by the price library. */
export type Match =
  | { or: Match[] }
  | { and: Match[] }
  | { equals: string }
  | { starts_with: string }
  | { ends_with: string }
  | { contains: string }
  | { regex: string };

/** By the catalogue's own keys (`input_mtok`, ...), in dollars. */
export type Prices = Record<string, number | { base: number; tiers: { start: number; price: number }[] }>;

export interface Period {
  constraint?: { type: "start_date"; start_date: string } | { type: "time_of_date"; start_time: string; end_time: string };
  prices: Prices;
}

export interface CatalogueModel {
  id: string;
  match: Match;
  prices: Prices | Period[];
}

export interface CatalogueProvider {
  id: string;
  name: string;
  api_pattern: string;
  /** Providers whose prices hold here for models that are not listed. */
  fallback: string[];
  models: CatalogueModel[];
}

export interface CatalogueData {
  providers: CatalogueProvider[];
  models: number;
  /** Models that were left out because something in them is not as it should be. */
  leftOut: number;
}

const MAX_PROVIDERS = 500;
const MAX_MODELS = 20_000;
const MAX_MATCH_NODES = 200;
const MAX_MATCH_DEPTH = 5;
const TEXT_MATCHES = ["equals", "starts_with", "ends_with", "contains", "regex"] as const;
/** Without them it is no catalogue that boba can work with. */
const NEEDED = ["anthropic", "openai"];

/** Keeps the fields that are used and what is sound in them. @throws Error that says what is missing from the whole. */
export function readCatalogue(value: unknown): CatalogueData {
  if (!Array.isArray(value)) throw new Error("it is not a list of providers");
  if (value.length > MAX_PROVIDERS) throw new Error("it lists too many providers");
  const data: CatalogueData = { providers: [], models: 0, leftOut: 0 };
  for (const entry of value) {
    if (!isObject(entry) || !isShortText(entry["id"]) || !Array.isArray(entry["models"]))
      throw new Error("a provider has no id or no models");
    const models = entry["models"].flatMap((model: unknown) => readModel(model) ?? []);
    data.models += models.length;
    data.leftOut += entry["models"].length - models.length;
    if (data.models > MAX_MODELS) throw new Error("it lists too many models");
    const fallback = entry["fallback_model_providers"] ?? entry["fallback"];
    data.providers.push({
      id: entry["id"],
      name: entry["id"],
      // Never evaluated: providers are found by id alone.
      api_pattern: "",
      fallback: Array.isArray(fallback) ? fallback.filter(isShortText).slice(0, 20) : [],
      models,
    });
  }
  for (const id of NEEDED) {
    if (!data.providers.some((provider) => provider.id === id && provider.models.length > 0)) throw new Error(`it lists no model of ${id}`);
  }
  return data;
}

function readModel(value: unknown): CatalogueModel | null {
  if (!isObject(value) || !isShortText(value["id"])) return null;
  const match = readMatch(value["match"], { left: MAX_MATCH_NODES }, 0);
  const prices = readPeriods(value["prices"]);
  return match === null || prices === null ? null : { id: value["id"], match, prices };
}

function readMatch(value: unknown, budget: { left: number }, depth: number): Match | null {
  if (!isObject(value) || depth > MAX_MATCH_DEPTH || budget.left-- <= 0) return null;
  for (const name of ["or", "and"] as const) {
    const parts = value[name];
    if (!Array.isArray(parts)) continue;
    const read = parts.map((part: unknown) => readMatch(part, budget, depth + 1));
    if (read.length === 0 || read.includes(null)) return null;
    return { [name]: read.filter((part) => part !== null) } as Match;
  }
  for (const name of TEXT_MATCHES) {
    const text = value[name];
    if (!isShortText(text)) continue;
    return name === "regex" && !isTame(text) ? null : ({ [name]: text } as Match);
  }
  return null;
}

/** An expression that cannot run away: nothing repeats a group, nothing refers back, at most two open repetitions. */
export function isTame(pattern: string): boolean {
  if (/\)[*+?{]|\\[1-9k]/.test(pattern) || (pattern.match(/[*+]|,\}/g) ?? []).length > 2) return false;
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false; // not an expression at all
  }
}
