/** Short requests that another model of the same provider would have answered for less. Pure. */
import { formatUsd } from "../money.ts";
import type { Pricer } from "../price.ts";
import type { Counters } from "../record.ts";
import { type Edit, EXAMPLES, LEAST, LEAST_SAVING_NANO_USD, type Suggestion, suggestion, weight } from "./suggestion.ts";

/** One record, as far as suggestions look at it. */
export interface SeenRecord extends Counters {
  tsMs: number;
  session: string;
  tool: string;
  provider: string;
  model: string;
  fast: boolean;
  costNanoUsd: number | null;
}

/** A model that may be suggested: the user uses it already, or has a profile for it. */
export interface Candidate {
  provider: string;
  model: string;
  /** The profile that a rule can send requests to. */
  profile: string | null;
}

/** A request is short up to this prompt (cached parts included) and this answer, in tokens. */
export const SHORT = { promptTokens: 4000, outputTokens: 1000 } as const;
/** What a rule can see of a prompt's length: characters, about four to a token. */
const CHARS_PER_TOKEN = 4;
/** A smaller part of the cost is not worth another model. */
const LEAST_SHARE = 0.2;
/** Whether the other model's answers would do is not in the ledger. */
const SURENESS = 0.7;

interface Tally {
  provider: string;
  model: string;
  sessions: Map<string, number>;
  /** By candidate: what the requests that it has a price for cost, and what they would have cost. */
  others: Map<Candidate, { requests: number; costNanoUsd: number; thenNanoUsd: number }>;
}

/** Takes records one by one; `suggestions` says what came of them. */
export class CheaperModels {
  private readonly tallies = new Map<string, Tally>();
  private readonly candidates: readonly Candidate[];
  private readonly price: Pricer;

  constructor(candidates: readonly Candidate[], price: Pricer) {
    this.candidates = candidates;
    this.price = price;
  }

  add(record: SeenRecord): void {
    const { provider, model, costNanoUsd } = record;
    if (costNanoUsd === null || promptOf(record) > SHORT.promptTokens || record.output > SHORT.outputTokens) return;
    const others = this.candidates.filter((candidate) => candidate.provider === provider && candidate.model !== model);
    if (others.length === 0) return;
    const key = `${provider}\0${model}`;
    const tally: Tally = this.tallies.get(key) ?? { provider, model, sessions: new Map(), others: new Map() };
    this.tallies.set(key, tally);
    tally.sessions.set(record.session, (tally.sessions.get(record.session) ?? 0) + costNanoUsd);
    // A record that was priced by an older, higher list must not make the other model look cheaper than it is now.
    const listed = this.price(provider, model, record.tsMs, record, record.fast).costNanoUsd;
    const own = Math.min(costNanoUsd, listed ?? costNanoUsd);
    for (const other of others) {
      const then = this.price(provider, other.model, record.tsMs, record, record.fast).costNanoUsd;
      if (then === null) continue;
      const sum = tally.others.get(other) ?? { requests: 0, costNanoUsd: 0, thenNanoUsd: 0 };
      tally.others.set(other, sum);
      sum.requests++;
      sum.costNanoUsd += own;
      sum.thenNanoUsd += then;
    }
  }

  suggestions(): Suggestion[] {
    return [...this.tallies.values()].flatMap((tally) => {
      const [best] = [...tally.others].toSorted(([, a], [, b]) => saved(b) - saved(a));
      if (best === undefined) return [];
      const [candidate, sum] = best;
      const saving = saved(sum);
      if (sum.requests < LEAST.requests || saving < LEAST_SAVING_NANO_USD || saving < sum.costNanoUsd * LEAST_SHARE) return [];
      const { model, provider } = tally;
      return suggestion("cheaper-model", `${provider}\0${model}\0${candidate.model}`, {
        title: `${sum.requests} short requests to ${model} would have cost ${formatUsd(sum.thenNanoUsd)} instead of ${formatUsd(sum.costNanoUsd)} with ${candidate.model}`,
        evidence: {
          requests: sum.requests,
          costNanoUsd: sum.costNanoUsd,
          sessions: [...tally.sessions]
            .toSorted(([, a], [, b]) => b - a)
            .slice(0, EXAMPLES)
            .map(([session]) => session),
          commits: [],
          facts: {
            provider,
            model,
            other_model: candidate.model,
            other_cost_usd: sum.thenNanoUsd / 1e9,
            max_prompt_tokens: SHORT.promptTokens,
            max_output_tokens: SHORT.outputTokens,
          },
        },
        savingNanoUsd: saving,
        confidence: weight(sum.requests, LEAST.requests, SURENESS),
        apply: ruleFor(model, candidate),
      });
    });
  }
}

export function promptOf({ input, cacheRead, cacheWrite5m, cacheWrite1h }: Counters): number {
  return input + cacheRead + cacheWrite5m + cacheWrite1h;
}

function saved({ costNanoUsd, thenNanoUsd }: { costNanoUsd: number; thenNanoUsd: number }): number {
  return costNanoUsd - thenNanoUsd;
}

/** A rule at the end of the user's own, so that theirs come first. A model's name comes from a log: one that is no plain name goes into no condition. */
function ruleFor(model: string, { profile, model: other }: Candidate): Edit | null {
  if (profile === null || !/^[\w.:@/+-]{1,100}$/.test(model)) return null;
  const chars = SHORT.promptTokens * CHARS_PER_TOKEN;
  return {
    file: "routes.yaml",
    what: `adds a rule: requests to ${model} below ${chars} characters go to the profile ${profile}`,
    path: ["rules"],
    value: {
      id: `short-${model.replaceAll(/[^\w.-]/g, "-").slice(0, 50)}`,
      if: `model == '${model}' && ctx_chars < ${chars}`,
      use: profile,
      explain: `short requests cost less with ${other}`,
    },
    append: true,
  };
}
