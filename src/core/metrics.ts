/** Figures for monitoring systems: what was spent, where it is, and how boba itself is doing. */
import { type Family, family, type Sample, single } from "./metrics-family.ts";
import { budgetFamilies, type MeteredBudget } from "./metrics-budget.ts";
import { operationFamilies, type OperationsInput } from "./metrics-operations.ts";

/** What the ledger says, from which families are made. */
export interface MetricsInput {
  /** Sums by repository (null: outside any), tool, provider and model. Costs in nano-dollars as they were when collected. */
  usage: readonly UsageSum[];
  /** What repricing changed since, in nano-dollars. */
  repricedNanoUsd: number;
  /** By repository: commits, and how many of them hold a record. */
  commits: readonly { repo: string; attributed: number; others: number }[];
  /** Nano-dollars that no commit holds yet, by repository. */
  pending: readonly { repo: string; costNanoUsd: number }[];
  today: { costNanoUsd: number; requests: number; tokens: number };
  unpricedRecords: number;
  budgets: readonly MeteredBudget[];
  operations: OperationsInput;
}

export interface UsageSum {
  repo: string | null;
  tool: string;
  provider: string;
  model: string;
  requests: number;
  costNanoUsd: number;
  input: number;
  output: number;
  reasoning: number;
  cacheRead: number;
  cacheWrite: number;
}

const NANO = 1e9;
const OUTSIDE = "(outside)";

/** What `boba metrics` tells, in this order. A family without samples is left out. */
export function familiesOf(input: MetricsInput): Family[] {
  const all = [...usageFamilies(input), ...budgetFamilies(input.budgets), ...operationFamilies(input.operations), ...guideFamilies(input)];
  return all.filter(({ samples }) => samples.length > 0);
}

/** The names of the guide's script, as its dashboards know them. */
function guideFamilies({ today }: MetricsInput): Family[] {
  return [
    family("bobamixer_daily_cost", "gauge", "Daily cost in USD", single(today.costNanoUsd / NANO)),
    family("bobamixer_daily_requests", "counter", "Daily request count", single(today.requests)),
    family("bobamixer_daily_tokens", "counter", "Daily token count", single(today.tokens)),
  ];
}

/**
 * Names and rules: base units, one meaning a name, nothing counted twice when a family is added up (reasoning is taken out of the output), and no
 * label whose values grow without end (branches, commits, sessions).
 */
function usageFamilies(input: MetricsInput): Family[] {
  const { usage } = input;
  const repo = (sum: { repo: string | null }) => sum.repo ?? OUTSIDE;
  const usd = (costNanoUsd: number) => costNanoUsd / NANO;
  const tokens = usage.flatMap((sum) => {
    const labels = { repo: repo(sum), tool: sum.tool, model: sum.model };
    const kinds = {
      input: sum.input,
      output: sum.output - sum.reasoning,
      reasoning: sum.reasoning,
      cache_read: sum.cacheRead,
      cache_write: sum.cacheWrite,
    };
    return Object.entries(kinds).flatMap(([type, value]) => (value > 0 ? [{ labels: { ...labels, type }, value }] : []));
  });
  return [
    family(
      "boba_cost_usd_total",
      "counter",
      "Cost at API list price as collected, in US dollars.",
      usage.map((sum) => ({
        labels: { repo: repo(sum), tool: sum.tool, provider: sum.provider, model: sum.model },
        value: usd(sum.costNanoUsd),
      })),
    ),
    family(
      "boba_cost_adjustment_usd",
      "gauge",
      "What repricing changed since records were collected, in US dollars.",
      single(usd(input.repricedNanoUsd)),
    ),
    family("boba_tokens_total", "counter", "Tokens by kind; reasoning is not in output here.", tokens),
    family(
      "boba_requests_total",
      "counter",
      "Responses of models.",
      byKey(usage.map((sum) => ({ labels: { repo: repo(sum), tool: sum.tool, model: sum.model }, value: sum.requests }))),
    ),
    family("boba_unpriced_requests", "gauge", "Responses of models without a known price.", single(input.unpricedRecords)),
    family(
      "boba_commits_total",
      "counter",
      "Commits seen, and whether they hold a record.",
      input.commits.flatMap(({ repo: name, attributed, others }) => [
        { labels: { repo: name, attributed: "true" }, value: attributed },
        { labels: { repo: name, attributed: "false" }, value: others },
      ]),
    ),
    family(
      "boba_unattributed_cost_usd",
      "gauge",
      "Cost that no commit holds yet, in US dollars.",
      input.pending.map(({ repo: name, costNanoUsd }) => ({ labels: { repo: name }, value: usd(costNanoUsd) })),
    ),
  ];
}

/** A label less, and some samples have become one. */
function byKey(samples: readonly Sample[]): Sample[] {
  const sums = new Map<string, Sample>();
  for (const { labels, value } of samples) {
    const key = JSON.stringify(labels);
    sums.set(key, { labels, value: (sums.get(key)?.value ?? 0) + value });
  }
  return [...sums.values()];
}
