/** Chooses who serves a request: `boba route test` shows it, what makes requests asks it. */
import { decide, type Decision } from "../core/routing/decide.ts";
import { compileRules, factsAsked, inOrder } from "../core/routing/rules.ts";
import type { Exploration, RouteRule } from "../core/routing/rule.ts";
import { type Problem, validateRules } from "../core/routing/validate.ts";
import type { App } from "./app.ts";
import { contextOf, type RequestFacts } from "./route-context.ts";
import { loadRuleSet, type RuleSet } from "./route-rules.ts";

export interface RouteOptions {
  /** The session that the request belongs to: only with one may another profile be tried. */
  session: { id: string; startedAtMs: number | null } | null;
  trace: boolean;
  /** Whether budgets are read from a ledger that was brought up to date. */
  import: boolean;
}

export interface Routed extends Decision {
  /** To be told on stderr. */
  warnings: readonly string[];
  /** The ledger was brought up to date for it. */
  isFresh: boolean;
}

/** Sessions draw alike on every machine: nothing about who explores is secret. */
const SEED = "boba.1";

/** Rules that people write take a thousandth of it. */
const PATIENCE_MS = 2000;

/**
 * Decides for one request. Finds out only what some rule asks about.
 * @throws BobaError BOBA-ROUTE-1 for a condition that is refused, BOBA-CFG-14 for a profile that only the project's file names, BOBA-CFG-* for files.
 */
export async function route(app: App, facts: RequestFacts, options: RouteOptions): Promise<Routed> {
  const set = await loadRuleSet(app);
  set.project?.checkAgainst(set.profiles.map(({ name }) => name));
  const rules = compileRules(set.rules);
  const asked = factsAsked(rules);
  const context = await contextOf(app, set, facts, asked);
  const explores = set.exploration.enabled && options.session !== null;
  const { budget, samples } = await standingOf(app, set, {
    project: context.project,
    branch: context.branch,
    import: options.import,
    asks: facts.budget === undefined && [...asked].some((fact) => fact.startsWith("budget.")),
    explores,
  });
  const lateMs = app.now() + PATIENCE_MS;
  const decision = decide(
    rules,
    set.profiles,
    { ...context, budget: facts.budget ?? budget.facts },
    {
      active: set.active,
      preferred: set.project?.preferredProfiles ?? [],
      trace: options.trace,
      isLate: () => app.now() > lateMs,
      exploration: explores ? set.exploration : null,
      sessionId: options.session?.id ?? null,
      sessionStartedAtMs: options.session?.startedAtMs ?? null,
      nowMs: app.now(),
      seed: SEED,
      isOverBudget: budget.isOverBudget || (facts.budget?.remainingUsd ?? 1) <= 0,
      overBudgetProfiles: budget.overBudgetProfiles,
      samples,
    },
  );
  return { ...decision, warnings: budget.warnings, isFresh: budget.isFresh };
}

interface StandingWanted {
  project: string | null;
  branch: string | null;
  import: boolean;
  /** Some rule compares with the budget, and the caller does not say what it is. */
  asks: boolean;
  explores: boolean;
}

/** What the ledger knows; it stays closed where nothing depends on it. */
async function standingOf(app: App, { profiles }: RuleSet, wanted: StandingWanted) {
  const { budgetHere, NO_BUDGET } = await import("./route-budget.ts");
  const budget = wanted.asks || wanted.explores ? await budgetHere(app, wanted) : NO_BUDGET;
  const samples = wanted.explores ? (await import("./profile-samples.ts")).profileSamples(app, profiles) : new Map<string, number>();
  return { budget, samples };
}

export interface RouteList {
  /** In the order in which they are tried. */
  rules: readonly RouteRule[];
  exploration: Exploration;
  active: string | null;
  routesFile: string;
}

/** The rules as they stand, checked or not. */
export async function listRules(app: App): Promise<RouteList> {
  const { rules, exploration, active } = await loadRuleSet(app);
  return { rules: inOrder(rules), exploration, active, routesFile: app.paths.routes };
}

export interface RouteCheck {
  problems: readonly Problem[];
  rules: number;
}

/** @throws BobaError BOBA-CFG-* for files that cannot be read as rules at all. */
export async function checkRules(app: App): Promise<RouteCheck> {
  const { rules, profiles } = await loadRuleSet(app);
  const names = profiles.map(({ name }) => name);
  return { problems: validateRules(rules, names), rules: rules.length };
}
