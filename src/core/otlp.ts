/**
 * What leaves for an OpenTelemetry collector, and under which names. All of the mapping is here.
 *
 * Metrics of the Generative AI conventions as of May 2026 (github.com/open-telemetry/semantic-conventions-genai, in development), `vcs.*` of the general
 * ones, and `boba.*` for what they do not have. Encoding: OTLP/HTTP with JSON (opentelemetry.io/docs/specs/otlp), 64-bit integers as text.
 */
import { own } from "./own.ts";

/** What one series adds. Tokens as the ledger counts them: `input` without what was read from or written to a cache, `output` with reasoning. */
export interface OtlpSums {
  requests: number;
  unpriced: number;
  costNanoUsd: number;
  input: number;
  output: number;
  reasoning: number;
  cacheRead: number;
  cacheWrite: number;
}

export interface OtlpSeries extends OtlpSums {
  tool: string;
  provider: string;
  model: string;
  /** `remote` is `host/owner/name` without credentials; null outside any repository. */
  repo: { name: string; remote: string | null } | null;
}

export interface OtlpSender {
  version: string;
  /** Tells this ledger's series from those of other machines. */
  instance: string;
  /** The time that the sums stand for, Unix milliseconds. */
  fromMs: number;
  toMs: number;
}

type Attributes = Readonly<Record<string, string>>;

interface Point {
  attributes: Attributes;
  value: number;
}

/** Text longer than this is cut: names of models and repositories come from outside. */
const MAX_TEXT = 256;
/** AggregationTemporality of opentelemetry/proto/metrics/v1. */
const DELTA = 1;

/** `gen_ai.provider.name`, where the conventions have a value of their own for what the price catalogue calls otherwise. */
const PROVIDERS: Readonly<Record<string, string>> = {
  aws: "aws.bedrock",
  azure: "azure.ai.openai",
  google: "gcp.gen_ai",
  mistral: "mistral_ai",
  "x-ai": "x_ai",
};

/** `vcs.provider.name` by host. */
const HOSTS: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)github\./, "github"],
  [/(^|\.)gitlab\./, "gitlab"],
  [/(^|\.)bitbucket\./, "bitbucket"],
  [/(^|\.)gitea\./, "gitea"],
];

/** How many numbers there are, and the body of the request; series that add nothing are left out. */
export function otlpMetrics(series: readonly OtlpSeries[], sender: OtlpSender): { points: number; body: unknown } {
  const tokens = (value: (of: OtlpSeries) => number) => points(series, tokenAttributes, value);
  const metrics = [
    // Integer nano-dollars divided once: as exact as a double is, far below a nano-dollar.
    sum(
      "boba.cost.usage",
      "USD",
      "Cost at API list price.",
      points(series, costAttributes, (one) => one.costNanoUsd),
      1e9,
    ),
    sum(
      "boba.requests",
      "{request}",
      "Responses of models.",
      points(series, costAttributes, (one) => one.requests),
    ),
    sum(
      "boba.requests.unpriced",
      "{request}",
      "Responses of models without a known price: not in the cost.",
      points(series, costAttributes, (one) => one.unpriced),
    ),
    sum(
      "gen_ai.client.inference.usage.input_tokens",
      "{token}",
      "Input, cached tokens included.",
      tokens((one) => one.input + one.cacheRead + one.cacheWrite),
    ),
    sum(
      "gen_ai.client.inference.usage.output_tokens",
      "{token}",
      "Output, reasoning included.",
      tokens((one) => one.output),
    ),
    sum(
      "gen_ai.client.inference.usage.cache_read.input_tokens",
      "{token}",
      "The part of the input that was read from a cache.",
      tokens((one) => one.cacheRead),
    ),
    sum(
      "gen_ai.client.inference.usage.cache_write.input_tokens",
      "{token}",
      "The part of the input that was written to a cache.",
      tokens((one) => one.cacheWrite),
    ),
    sum(
      "gen_ai.client.inference.usage.reasoning.output_tokens",
      "{token}",
      "The part of the output that was reasoning.",
      tokens((one) => one.reasoning),
    ),
  ].filter(({ found }) => found.length > 0);
  const times = { startTimeUnixNano: nano(sender.fromMs), timeUnixNano: nano(Math.max(sender.toMs, sender.fromMs + 1)) };
  const body = {
    resourceMetrics: [
      {
        resource: {
          attributes: encoded({ "service.name": "boba", "service.version": sender.version, "service.instance.id": sender.instance }),
        },
        scopeMetrics: [
          {
            scope: { name: "boba", version: sender.version },
            metrics: metrics.map(({ name, unit, description, divisor, found }) => ({
              name,
              unit,
              description,
              sum: {
                aggregationTemporality: DELTA,
                isMonotonic: true,
                dataPoints: found.map(({ attributes, value }) => ({
                  attributes: encoded(attributes),
                  ...times,
                  ...(divisor === undefined ? { asInt: String(value) } : { asDouble: value / divisor }),
                })),
              },
            })),
          },
        ],
      },
    ],
  };
  return { points: metrics.reduce((count, { found }) => count + found.length, 0), body };
}

const sum = (name: string, unit: string, description: string, found: readonly Point[], divisor?: number) => ({
  name,
  unit,
  description,
  divisor,
  found,
});

/** One point for each set of attributes: clones of one repository share theirs. */
function points(
  series: readonly OtlpSeries[],
  attributesOf: (one: OtlpSeries) => Attributes,
  valueOf: (one: OtlpSeries) => number,
): Point[] {
  const found = new Map<string, Point>();
  for (const one of series) {
    const [attributes, value] = [attributesOf(one), valueOf(one)];
    if (value <= 0) continue;
    const key = JSON.stringify(attributes);
    found.set(key, { attributes, value: value + (found.get(key)?.value ?? 0) });
  }
  return [...found.values()];
}

function costAttributes({ tool, provider, model, repo }: OtlpSeries): Attributes {
  return {
    "gen_ai.request.model": model,
    "gen_ai.provider.name": own(PROVIDERS, provider) ?? provider,
    "boba.tool": tool,
    ...(repo === null ? {} : repoAttributes(repo)),
  };
}

/** The conventions require the operation and the modality; agents' logs tell neither apart. */
const tokenAttributes = (one: OtlpSeries): Attributes => ({
  ...costAttributes(one),
  "gen_ai.operation.name": "chat",
  "gen_ai.token.modality": "text",
});

/** No branch, commit or session: their number has no end. */
function repoAttributes({ name, remote }: { name: string; remote: string | null }): Attributes {
  if (remote === null) return { "vcs.repository.name": name };
  const [host = "", ...path] = remote.split("/");
  const provider = HOSTS.find(([pattern]) => pattern.test(host))?.[1];
  return {
    "vcs.repository.name": path.at(-1) ?? name,
    "vcs.repository.url.full": `https://${remote}`,
    ...(path.length > 1 ? { "vcs.owner.name": path.slice(0, -1).join("/") } : {}),
    ...(provider === undefined ? {} : { "vcs.provider.name": provider }),
  };
}

const encoded = (attributes: Attributes) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value.slice(0, MAX_TEXT) } }));

const nano = (ms: number): string => `${Math.floor(ms)}000000`;

/** Data points that the collector says it did not take; 0 when it says nothing. Its own words are not kept: they may quote what was sent. */
export function rejectedPoints(answer: string): number {
  try {
    const told = (JSON.parse(answer) as { partialSuccess?: { rejectedDataPoints?: unknown } } | null)?.partialSuccess?.rejectedDataPoints;
    const count = Number(told ?? 0);
    return Number.isSafeInteger(count) && count > 0 ? count : 0;
  } catch {
    // An empty answer, or none in JSON, is a success without more to say.
    return 0;
  }
}
