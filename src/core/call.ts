/** One request through a profile, from what is asked to what it cost. */
import type { Counters } from "./record.ts";

export interface CallOutcome {
  profile: string;
  provider: string;
  /** As the provider names it; else as it was asked for. */
  model: string;
  ruleId: string | null;
  /** Why this profile, in a few words. */
  reason: string;
  explore: boolean;
  /** The whole reply, the models that the provider asked on its own included. */
  counters: Counters;
  /** `partial`: the reply was cut, so that the counters are a lower bound; `none`: the provider never said. */
  status: "exact" | "partial" | "none";
  /** Null when no list knows a price of what was used. */
  costNanoUsd: number | null;
  latencyMs: number;
  /** What went wrong after the reply began; null when nothing did. */
  problem: string | null;
  cancelled: boolean;
}
