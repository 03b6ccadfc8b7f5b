/** Profiles: named ways to reach a model. Defined by the user alone, in `~/.boba/profiles.yaml`. */
import type { BudgetLimits } from "./budget-limits.ts";

/** `http`: boba itself asks the provider (`boba call`). `tool`: a command of the user's is run (`boba run`). */
export const ADAPTERS = ["http", "tool"] as const;
export type Adapter = (typeof ADAPTERS)[number];

export interface Profile {
  /** What `boba use` and rules call it. */
  name: string;
  adapter: Adapter;
  /** As the price catalogue names it: `anthropic`, `openai`, `google`, `openrouter`, ... */
  provider: string;
  /** The address requests go to; null: the provider's own. */
  endpoint: string | null;
  model: string | null;
  /** Sent with each request. A value may hold `secret://<name>`, which is replaced only as it is sent. */
  headers: Readonly<Record<string, string>>;
  /** Set for the tool's process alone. A value may hold `secret://<name>`. */
  env: Readonly<Record<string, string>>;
  /** The program and its first arguments (adapter `tool`); null for `http`. Never a shell line. */
  command: readonly string[] | null;
  /** Request parameters, passed on as written (`max_tokens`, `temperature`, ...). */
  params: Readonly<Record<string, number | string | boolean>>;
  tags: readonly string[];
  /** The user's own price of this profile, in US dollars per thousand tokens; null: the catalogue's. */
  costPer1k: { inputUsd: number; outputUsd: number } | null;
  budget: BudgetLimits | null;
}
