/** The request of docs' examples: what conditions are tried on. */
import { UNKNOWN_CONTEXT, type RouteContext } from "../../src/core/routing/context.ts";

/** A context of which the given facts are known, and no others. */
export function known(facts: Partial<RouteContext>): RouteContext {
  return { ...UNKNOWN_CONTEXT, ...facts };
}

/** Minutes since midnight of `22:30`. */
export function minute(time: string): number {
  const [hours, minutes] = time.split(":").map(Number);
  return (hours as number) * 60 + (minutes as number);
}

export const REVIEW_AT_NIGHT: RouteContext = known({
  ctxChars: 60_000,
  text: "please review this\nPR and format it",
  intent: "review",
  branch: "feature/login",
  projectTypes: ["go", "react"],
  projectType: "test-suite",
  minuteOfDay: minute("23:15"),
  budget: { remainingUsd: 4.2, spentUsd: 10, limitUsd: 14.2 },
  task: "architecture review",
});
