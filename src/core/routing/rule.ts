/** Rules: which profile serves which request. The first whose condition holds decides. */

export interface RouteRule {
  id: string;
  /** The condition, as written; see docs/routing.md. */
  if: string;
  /** The profile's name. */
  use: string;
  /** Profiles to try in turn when that one cannot serve. */
  fallback: readonly string[];
  /** Why, in the user's words; shown with the decision. */
  explain: string | null;
  /** Who wrote it: a project's rules come before the user's own. */
  origin: "project" | "user";
  /** Where the condition's text begins (after an opening quote), for messages. Lines and columns count from 1. */
  at: { file: string; line: number; column: number };
}

/** Trying another profile now and then, to learn whether it does as well. */
export interface Exploration {
  enabled: boolean;
  /** The share of sessions that explore, 0 to 1. */
  rate: number;
  /** Requests a profile must have served before what is known of it counts. */
  minSamples: number;
  /** Hours before a session's profile is drawn again. */
  cooldownHours: number;
  /** Profiles that are never explored. */
  excludeProfiles: readonly string[];
}
