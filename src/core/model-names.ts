/** The names under which a price list may know a model: as it was logged first, then what resellers, routers and agents make of a name. */
import { providerOf } from "./providers.ts";
import { own } from "./own.ts";

/** Longer than any model's name: what is longer is noise in a log. */
const MAX_NAME = 200;

const DATE = /[-@](?:20\d{6}|20\d\d-\d\d-\d\d)$/;

interface Rule {
  pattern: RegExp;
  to: string;
}

/**
 * Each takes away or rewrites one thing that is not part of the maker's own name; they add up, in this order. A test shows one model of each.
 * Not among them: what changes the price (`-mini`, `:batch`, `:extended`, a region that the provider lists by itself).
 */
const RULES: readonly Rule[] = [
  // Bedrock: `arn:aws:bedrock:<region>:<account>:inference-profile/<model>`.
  { pattern: /^arn:[^/]*\//, to: "" },
  // Gemini's API names resources (`models/...`), as Vertex (`publishers/.../models/...`) and Fireworks do; routers put `vendor/` in front.
  { pattern: /^~?(?:[^/]+\/)+/, to: "" },
  // Claude Code marks its window of a million tokens.
  { pattern: /\[1m\]$/, to: "" },
  // Bedrock: region and vendor before the name, revision behind it.
  { pattern: /^(?:(?:[a-z]{2,6}|us-gov)\.)?anthropic\./, to: "" },
  { pattern: /^(?:(?:[a-z]{2,6}|us-gov)\.)?openai\./, to: "" },
  { pattern: /^((?:claude|gpt)-.+?)-(?:v?\d+:\d+|v\d+)$/, to: "$1" },
  // Vertex: `claude-x@20250929`, `claude-x@default`.
  { pattern: /@(\d{8})$/, to: "-$1" },
  { pattern: /@(?:default|latest)$/, to: "" },
  // OpenRouter's variants that are the same model elsewhere or with more thinking.
  { pattern: /:(?:thinking|beta|nitro|floor|exacto)$/, to: "" },
  // How hard it was told to think: the same tokens at the same price.
  { pattern: /^((?:claude|gpt|gemini|codex|o\d).*?)(?:-(?:thinking|minimal|low|medium|high|xhigh|max))+$/, to: "$1" },
  // Some editors put the size last: `claude-4.5-sonnet`.
  { pattern: /^claude-([4-9])(?:[.-](\d))?-(opus|sonnet|haiku)(?=-|$)/, to: "claude-$3-$1-$2" },
  { pattern: /^(claude-(?:opus|sonnet|haiku)-\d)-(?=-|$)/, to: "$1" },
  // `claude-opus-4.5` is `claude-opus-4-5`.
  { pattern: /^(claude-.*?\d)\.(\d)/, to: "$1-$2" },
  // Google lists Gemini 3 as previews; agents leave that out.
  { pattern: /^(gemini-3(?:\.\d)?-(?:pro|flash))$/, to: "$1-preview" },
  // Moonshot's models as Fireworks and opencode write them: `k2p6`, `kimi-k2p6`.
  { pattern: /^k(?=\d)/, to: "kimi-k" },
  { pattern: /^(kimi-k\d)p(\d)/, to: "$1.$2" },
  // A dated version of a model that is listed without dates.
  { pattern: DATE, to: "" },
];

/** Names that stand for another model from a day on (Unix ms). Kimi: sources.md 1.7, k2.5 before 2026-04-20, then k2.6. */
const STAND_INS: Readonly<Record<string, readonly { fromMs: number; model: string }[]>> = {
  "kimi-for-coding": [
    { fromMs: 0, model: "kimi-k2.5" },
    { fromMs: Date.UTC(2026, 3, 20), model: "kimi-k2.6" },
  ],
};

/** Routers that sell under names of their own making, from the maker's plain name. */
const RESELLER_NAMES: Readonly<Record<string, (plain: string, maker: string) => string[]>> = {
  openrouter: (plain, maker) => [`${own(VENDORS, maker) ?? maker}/${dotted(plain)}`],
  "github-copilot": (plain) => [dotted(plain)],
  fireworks: (plain) => [`accounts/fireworks/models/${plain.replaceAll(/(\d)\.(\d)/g, "$1p$2")}`],
};

/** What OpenRouter calls the makers, where that is not the catalogue's own name. */
const VENDORS: Readonly<Record<string, string>> = { mistral: "mistralai", zai: "z-ai", alibaba: "qwen" };

/** A fast tier sold under a name of its own: the plain model at the fast multiple. */
const FAST_NAME = /^((?:claude|gpt)-.+)-fast$/;

export interface ListedName {
  provider: string;
  name: string;
  /** The name itself says fast mode, and `name` does not. */
  fast: boolean;
  /** By who bills for it, under the very name in the log. */
  isAsLogged: boolean;
}

/** Whose model it is by its name, as the catalogue calls makers; null when nothing tells. */
export function makerOf(model: string): string | null {
  return providerOf(null, plainName(model), "") || null;
}

/** The maker's own name for a model, lower case, without a date: `claude-opus-4-5`. */
export function plainName(model: string): string {
  const name = (spellings(model, Number.MAX_SAFE_INTEGER).at(-1) ?? "").toLowerCase();
  return (FAST_NAME.exec(name)?.[1] ?? name).replace(DATE, "");
}

/** Names that only one seller uses: they tell who bills where the log knows no more than the maker. */
const SELLERS: readonly (readonly [RegExp, string])[] = [
  [/^arn:aws:bedrock:|^(?:(?:[a-z]{2,6}|us-gov)\.)?anthropic\./, "aws"],
  [/^publishers\/|^claude-[^/]*@/, "google"],
];

/** Where to look a model up, in this order: at who bills for it, under every name it may have there; then at its maker. */
export function listedNames(provider: string, model: string, atMs: number): ListedName[] {
  if (model.length > MAX_NAME) return [];
  const names = spellings(model, atMs);
  const plain = plainName(model);
  const maker = makerOf(model);
  const seller = (provider === maker ? SELLERS.find(([pattern]) => pattern.test(model))?.[1] : undefined) ?? provider;
  const resold = own(RESELLER_NAMES, seller)?.(plain, maker ?? "") ?? [];
  const found: ListedName[] = [];
  for (const at of new Set([seller, ...(maker === null ? [] : [maker])])) {
    for (const name of new Set([...names, ...(at === seller ? resold : [])])) {
      const slow = FAST_NAME.exec(name)?.[1];
      const isAsLogged = at === seller && name === model;
      found.push({ provider: at, name, fast: false, isAsLogged });
      if (slow !== undefined) found.push({ provider: at, name: slow, fast: true, isAsLogged: false });
    }
  }
  return found;
}

/** A variant that its router gives away (OpenRouter: names that end in `:free` cost nothing). */
export function isFree(model: string): boolean {
  return /^[^/]+\/.+:free$/.test(model);
}

/** As logged, then after each rule that changes it. */
function spellings(model: string, atMs: number): string[] {
  const names = [model];
  let name = model.slice(0, MAX_NAME).toLowerCase();
  for (const { pattern, to } of RULES) {
    const next = name.replace(pattern, to);
    if (next === name || next === "") continue;
    name = next;
    names.push(name);
  }
  const meant = own(STAND_INS, name)?.findLast(({ fromMs }) => fromMs <= atMs)?.model;
  return meant === undefined ? names : [...names, meant];
}

function dotted(plain: string): string {
  return plain.replace(/^(claude-.*\d)-(\d)$/, "$1.$2");
}
