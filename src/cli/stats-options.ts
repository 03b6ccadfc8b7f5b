/** From the options of `boba stats` to one range and one grouping. */
import { BobaError, EXIT } from "../core/errors.ts";
import { type Grouping, GROUPINGS } from "../core/summary.ts";

/** The ranges that have a name of their own. */
const RANGES = {
  today: { since: "today", until: "today" },
  yesterday: { since: "yesterday", until: "yesterday" },
  sevenDays: { since: "7d" },
  thirtyDays: { since: "30d" },
} as const;

export interface RangeOptions extends Record<keyof typeof RANGES, boolean> {
  from: string | undefined;
  to: string | undefined;
}

/** @throws BobaError BOBA-USE-24 for more than one. */
export function rangeTyped(options: RangeOptions): { since?: string | undefined; until?: string | undefined } {
  const named = (["today", "yesterday", "sevenDays", "thirtyDays"] as const).filter((name) => options[name]);
  const [first] = named;
  const typed = options.from !== undefined || options.to !== undefined;
  if (named.length + (typed ? 1 : 0) > 1) {
    const hint = "use one of --today, --yesterday, --7d, --30d, or --from and --to";
    throw new BobaError("BOBA-USE-24", EXIT.usage, "more than one range of time", hint);
  }
  return first === undefined ? { since: options.from, until: options.to } : RANGES[first];
}

/** @throws BobaError BOBA-USE-25 for more than one. */
export function groupingTyped(options: Readonly<Record<Grouping, boolean>>): Grouping | null {
  const [first = null, ...others] = GROUPINGS.filter((grouping) => options[grouping]);
  if (others.length > 0)
    throw new BobaError("BOBA-USE-25", EXIT.usage, "more than one grouping", "use one --by-... option, or run boba stats once for each");
  return first;
}
