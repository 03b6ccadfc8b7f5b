/** `boba action`: what could be spent less on, worked out from the ledger. */
import { existsSync } from "node:fs";
import { localMidnightMs, localPeriod } from "../core/range.ts";
import { displayNames } from "../core/repo-names.ts";
import { abandonedBranches } from "../core/suggestions/abandoned.ts";
import { growingWeek, limitsAtRisk, noLimit } from "../core/suggestions/budget-trend.ts";
import { CacheMisses } from "../core/suggestions/cache-misses.ts";
import { type Candidate, CheaperModels } from "../core/suggestions/cheaper-model.ts";
import { costsBefore, dayBefore, type LedgerView, viewOf } from "../core/suggestions/ledger-view.ts";
import { runawaySessions, unusualDays } from "../core/suggestions/outliers.ts";
import { bySaving, LEAST, type Suggestion, WINDOW_DAYS } from "../core/suggestions/suggestion.ts";
import { createPricer } from "../core/pricer.ts";
import type { Db } from "../platform/sqlite.ts";
import { allRepos } from "../store/places.ts";
import { branchSums, seenRecords, sessionSlots, suggestionStates, usedModels } from "../store/suggestions.ts";
import type { App } from "./app.ts";
import { budgetStatus } from "./budget-status.ts";
import { clockOf } from "./filter.ts";
import { loadPrices } from "./prices.ts";
import { openView } from "./refresh.ts";

export interface Action extends Suggestion {
  status: "open" | "applied" | "dismissed" | "snoozed";
  /** Until when it is snoozed, Unix milliseconds. */
  untilMs: number | null;
}

export interface Actions {
  /** Largest expected saving first. */
  actions: Action[];
  /** What there is, where that is too little to suggest anything. */
  tooLittle: { requests: number; days: number } | null;
  warnings: readonly string[];
}

/** Every suggestion of the last 30 days; `all: false` leaves out those that something was done with. */
export async function listActions(app: App, options: { import: boolean; all: boolean }): Promise<Actions> {
  const view = await openView(app, options);
  try {
    const { suggestions, tooLittle } = await suggest(app, view.db);
    const states = suggestionStates(view.db);
    const actions = suggestions.map((suggestion): Action => {
      const state = states.get(suggestion.id);
      const isOpen = state === undefined || (state.untilMs !== null && state.untilMs <= app.now());
      return { ...suggestion, status: isOpen ? "open" : state.status, untilMs: isOpen ? null : state.untilMs };
    });
    const shown = actions.filter(({ status }) => options.all || status === "open");
    return { actions: shown, tooLittle, warnings: view.warnings };
  } finally {
    view.close();
  }
}

async function suggest(app: App, db: Db): Promise<{ suggestions: Suggestion[]; tooLittle: Actions["tooLittle"] }> {
  const clock = clockOf(app);
  const today = localPeriod(clock.nowMs, "day", clock);
  const window = { fromS: localMidnightMs(today, -WINDOW_DAYS, clock) / 1000, toS: Math.ceil((clock.nowMs + 1) / 1000) };
  const seen = viewOf(sessionSlots(db, window), clock);
  const days = seen.days.length;
  if (seen.requests < LEAST.requests || days < LEAST.days) return { suggestions: [], tooLittle: { requests: seen.requests, days } };
  const found = [
    ...(await fromRecords(app, db, window)),
    ...runawaySessions(seen.sessions),
    ...fromBranches(db, window),
    ...(await fromTrend(app, db, seen, today)),
    ...unusualDays(
      seen.days.filter(({ day }) => day < today),
      dayBefore(today, RECENT_DAYS),
    ),
  ];
  return { suggestions: found.toSorted(bySaving), tooLittle: null };
}

const RECENT_DAYS = 14;

type Window = { fromS: number; toS: number };

/** What takes every record, priced again. */
async function fromRecords(app: App, db: Db, window: Window): Promise<Suggestion[]> {
  const { overrides, catalogue } = await loadPrices(app);
  const price = createPricer(overrides, catalogue);
  const cheaper = new CheaperModels(await candidatesOf(app, db, window), price);
  const misses = new CacheMisses(price);
  for (const record of seenRecords(db, window)) {
    cheaper.add(record);
    misses.add(record);
  }
  return [...cheaper.suggestions(), ...misses.suggestions()];
}

/** A model that was tried a few times is none that one works with. */
const LEAST_USES = 10;
const MOST_CANDIDATES = 20;

/** Models in use, and those of profiles: what nobody here has chosen is never suggested. */
async function candidatesOf(app: App, db: Db, window: Window): Promise<Candidate[]> {
  const profiles = existsSync(app.paths.profiles) ? await (await import("../config/profiles.ts")).loadProfiles(app.paths) : [];
  const found: Candidate[] = profiles.flatMap(({ name, provider, model }) => (model === null ? [] : [{ provider, model, profile: name }]));
  for (const { provider, model, requests } of usedModels(db, window)) {
    if (requests < LEAST_USES || found.some((other) => other.provider === provider && other.model === model)) continue;
    found.push({ provider, model, profile: null });
  }
  return found.slice(0, MOST_CANDIDATES);
}

function fromBranches(db: Db, window: Window): Suggestion[] {
  const names = displayNames(allRepos(db));
  const sums = branchSums(db, window).map(({ repo, first, last, ...sum }) => ({
    ...sum,
    repo: names.get(repo) ?? `repository ${repo}`,
    commits: [...new Set([first, last])].filter((sha) => sha !== null),
  }));
  return abandonedBranches(sums);
}

async function fromTrend(app: App, db: Db, seen: LedgerView, today: string): Promise<Suggestion[]> {
  const { statuses } = await budgetStatus(app, db);
  const week = seen.days.filter(({ day }) => day >= dayBefore(today, 7) && day < today);
  const requests = week.reduce((sum, day) => sum + day.requests, 0);
  return [
    ...limitsAtRisk(statuses),
    ...growingWeek(costsBefore(today, 28, seen.days), requests, dayBefore(today, 1)),
    ...(statuses.some(({ scope }) => scope === "global") ? [] : noLimit(seen.days)),
  ];
}
