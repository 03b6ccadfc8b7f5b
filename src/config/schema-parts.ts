/** Pieces that several files' schemas share. They take zod as an argument, so that nothing loads it before a file needs it. */
import type { z as Zod, ZodRawShape } from "zod";
import { type BudgetLimits, MAX_CAP_DAYS, MAX_LIMIT_USD } from "../core/budget-limits.ts";
import { suggest } from "../core/nearest.ts";
import { NAME } from "../core/secret.ts";
import { BAD_NAME } from "./yaml-file.ts";

export type Z = typeof Zod;

/** A mapping with these keys and no others; a mistyped one is told the key it comes closest to. */
export function strict<S extends ZodRawShape>(z: Z, shape: S) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === "unrecognized_keys") {
        const [key = ""] = issue.keys;
        return `there is no such key; ${suggest(key, Object.keys(shape))}`;
      }
      return issue.code === "invalid_type" ? `expected keys and values: ${Object.keys(shape).slice(0, 6).join(", ")}` : undefined;
    },
  });
}

export const nameOf = (z: Z) => z.string({ error: "expected a name" }).regex(NAME, { error: BAD_NAME });

/** Text for people: one line, bounded. */
export const lineOf = (z: Z, max: number) =>
  z
    .string({ error: "expected text; put it in quotes if it looks like a number or a date" })
    .min(1, "expected text")
    .max(max, `expected at most ${max} characters`)
    .regex(/^[^\0-\u001f\u007f]*$/, { error: "expected one line without control characters" });

export const flagOf = (z: Z) => z.boolean({ error: "expected true or false" });

/** A list of at most `max` items. */
export function listOf<I extends Zod.ZodType>(z: Z, item: I, max: number, what: string) {
  return z.array(item, { error: `expected a list of ${what}` }).max(max, `expected at most ${max} ${what}`);
}

/** The keys of limits on spending. */
export function limitsShape(z: Z) {
  const usd = z
    .number({ error: "expected an amount in US dollars, e.g. 10.00" })
    .min(0, "an amount is 0 or more")
    .max(MAX_LIMIT_USD, "an amount is at most 1,000,000")
    .nullable()
    .optional();
  const days = z
    .int({ error: "expected a number of days, e.g. 30" })
    .min(1, "expected 1 day or more")
    .max(MAX_CAP_DAYS, `expected at most ${MAX_CAP_DAYS} days`);
  return {
    daily_usd: usd,
    weekly_usd: usd,
    monthly_usd: usd,
    hard_cap: strict(z, { usd: usd.unwrap().unwrap(), period_days: days }).nullable().optional(),
  };
}

export interface LimitsInput {
  daily_usd?: number | null | undefined;
  weekly_usd?: number | null | undefined;
  monthly_usd?: number | null | undefined;
  hard_cap?: { usd: number; period_days: number } | null | undefined;
  enforce?: boolean | undefined;
}

/** Limits as written, with null for what is not limited. */
export function toLimits(input: LimitsInput): BudgetLimits {
  const { hard_cap: cap } = input;
  return {
    dailyUsd: input.daily_usd ?? null,
    weeklyUsd: input.weekly_usd ?? null,
    monthlyUsd: input.monthly_usd ?? null,
    hardCap: cap === null || cap === undefined ? null : { usd: cap.usd, days: cap.period_days },
    enforce: input.enforce ?? false,
  };
}
