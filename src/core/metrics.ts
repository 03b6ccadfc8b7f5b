/** Figures for monitoring systems: families of samples, as Prometheus and OpenMetrics know them. */

export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

export interface Family {
  /** As it is in the text, `_total` included. */
  name: string;
  type: "counter" | "gauge";
  help: string;
  samples: readonly Sample[];
}

/** What the ledger says, from which families are made. */
export interface MetricsInput {
  version: string;
  /** Sums by repository (null: outside any), tool, provider and model. Costs in nano-dollars as they were when collected. */
  usage: readonly UsageSum[];
  /** What repricing changed since, in nano-dollars. */
  repricedNanoUsd: number;
  /** By repository: commits, and how many of them hold a record. */
  commits: readonly { repo: string; attributed: number; others: number }[];
  /** Nano-dollars that no commit holds yet, by repository. */
  pending: readonly { repo: string; costNanoUsd: number }[];
  today: { costNanoUsd: number; requests: number; tokens: number };
  /** Unix milliseconds of the last record of each source. */
  lastRecords: readonly { source: string; atMs: number }[];
  lastBackupMs: number | null;
  databaseBytes: number;
  skippedLines: number;
  unpricedRecords: number;
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

/**
 * Names and rules: base units, one meaning a name, nothing counted twice when a family is added up (reasoning is taken out of the output), and no
 * label whose values grow without end (branches, commits, sessions).
 */
export function familiesOf(input: MetricsInput): Family[] {
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
  const single = (value: number): Sample[] => [{ labels: {}, value }];
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
    family(
      "boba_last_ingest_timestamp_seconds",
      "gauge",
      "When the last record was made, by source.",
      input.lastRecords.map(({ source, atMs }) => ({ labels: { source }, value: atMs / 1000 })),
    ),
    family(
      "boba_last_backup_timestamp_seconds",
      "gauge",
      "When the last backup was made.",
      input.lastBackupMs === null ? [] : single(input.lastBackupMs / 1000),
    ),
    family("boba_skipped_lines", "gauge", "Lines of agents' logs that cannot be read.", single(input.skippedLines)),
    family("boba_db_size_bytes", "gauge", "Size of the ledger's file and log.", single(input.databaseBytes)),
    family("boba_build_info", "gauge", "The version that made this.", [{ labels: { version: input.version }, value: 1 }]),
    family("bobamixer_daily_cost", "gauge", "Daily cost in USD", single(usd(input.today.costNanoUsd))),
    family("bobamixer_daily_requests", "counter", "Daily request count", single(input.today.requests)),
    family("bobamixer_daily_tokens", "counter", "Daily token count", single(input.today.tokens)),
  ].filter(({ samples }) => samples.length > 0);
}

const family = (name: string, type: Family["type"], help: string, samples: readonly Sample[]): Family => ({ name, type, help, samples });

/** A label less, and some samples have become one. */
function byKey(samples: readonly Sample[]): Sample[] {
  const sums = new Map<string, Sample>();
  for (const { labels, value } of samples) {
    const key = JSON.stringify(labels);
    sums.set(key, { labels, value: (sums.get(key)?.value ?? 0) + value });
  }
  return [...sums.values()];
}
