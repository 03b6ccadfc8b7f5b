/** What `boba ls` lists: profiles, projects or sessions, each with its cost over some spans of time. */
import type { Profile } from "./profile.ts";

export const LISTED = ["profiles", "projects", "sessions"] as const;
export type Listed = (typeof LISTED)[number];

/** A span that ends now. */
export interface Since {
  /** `today`, `7d`, `30d`, `all`, or what was typed. */
  label: string;
  /** Unix seconds; null: from the beginning. */
  fromS: number | null;
}

export interface SpanCost {
  requests: number;
  costNanoUsd: number;
  /** Requests without a known price: above 0, the cost is a floor. */
  unpricedRequests: number;
}

export interface ListedRow {
  /** Null: outside any repository, or through no profile. */
  name: string | null;
  /** Of a session: the agent. */
  tool: string | null;
  /** As the spans of the listing. */
  costs: readonly SpanCost[];
  /** Unix seconds; null: never used. */
  lastS: number | null;
}

export interface Listing {
  what: Listed;
  spans: readonly Since[];
  rows: readonly ListedRow[];
  /** Rows that were left out: a list of sessions is bounded. */
  more: number;
  /** Of profiles: how each is defined. Spend through one that is no longer defined is listed all the same. */
  profiles: ReadonlyMap<string, Profile>;
  active: string | null;
}
