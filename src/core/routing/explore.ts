/** Trying another profile now and then (epsilon-greedy), by session: a change within one would throw its prompt cache away. */
import { createHash } from "node:crypto";
import type { Candidate, Choice } from "./decide.ts";
import type { Exploration } from "./rule.ts";

export interface ExploreOptions {
  exploration: Exploration | null;
  /** Null: the request belongs to no session, so nothing is tried on it. */
  sessionId: string | null;
  /** Unix milliseconds; null: not known, so the session is never drawn again. */
  sessionStartedAtMs: number | null;
  nowMs: number;
  /** The same seed, session and rules decide alike. */
  seed: string;
  /** A budget that binds the request is used up. */
  isOverBudget: boolean;
  /** Profiles whose own budget is used up. */
  overBudgetProfiles: ReadonlySet<string>;
  /** Requests that each profile has served. */
  samples: ReadonlyMap<string, number>;
}

const MS_PER_HOUR = 3_600_000;

/** The choice itself, or another profile of the same kind with the choice as its first fallback. */
export function explore(choice: Choice, profiles: readonly Candidate[], options: ExploreOptions): Choice & { explore: boolean } {
  const { exploration, sessionId } = options;
  const { profile } = choice;
  if (profile === null || exploration === null || !exploration.enabled || sessionId === null || options.isOverBudget)
    return { ...choice, explore: false };
  const draw = drawOf(sessionId, exploration, options);
  if (draw("whether") >= exploration.rate) return { ...choice, explore: false };
  const tried = pick(profile, profiles, exploration, options, draw("which"));
  if (tried === undefined) return { ...choice, explore: false };
  return {
    profile: tried,
    rule: choice.rule,
    reason: `trying ${tried} in this session, instead of ${profile} (${choice.reason})`,
    fallback: [profile, ...choice.fallback.filter((name) => name !== tried)],
    explore: true,
  };
}

/** Those of which too little is known come first; among equals, chance decides. */
function pick(
  chosen: string,
  profiles: readonly Candidate[],
  exploration: Exploration,
  { samples, overBudgetProfiles }: ExploreOptions,
  chance: number,
): string | undefined {
  const adapter = profiles.find(({ name }) => name === chosen)?.adapter;
  const others = profiles
    .filter((profile) => profile.name !== chosen && profile.adapter === adapter)
    .map(({ name }) => name)
    .filter((name) => !exploration.excludeProfiles.includes(name) && !overBudgetProfiles.has(name))
    .sort((a, b) => (a < b ? -1 : 1));
  const unknown = others.filter((name) => (samples.get(name) ?? 0) < exploration.minSamples);
  const pool = unknown.length > 0 ? unknown : others;
  return pool[Math.floor(chance * pool.length)];
}

/** Numbers from 0 to below 1, one for each purpose, that stay the same until the session is drawn again. */
function drawOf(
  sessionId: string,
  { cooldownHours }: Exploration,
  { sessionStartedAtMs, nowMs, seed }: ExploreOptions,
): (purpose: string) => number {
  const ageMs = sessionStartedAtMs === null ? 0 : Math.max(0, nowMs - sessionStartedAtMs);
  const round = cooldownHours > 0 ? Math.floor(ageMs / (cooldownHours * MS_PER_HOUR)) : 0;
  return (purpose) => {
    const hash = createHash("sha256")
      .update(JSON.stringify([seed, sessionId, round, purpose]))
      .digest();
    return hash.readUInt32BE(0) / 2 ** 32;
  };
}
