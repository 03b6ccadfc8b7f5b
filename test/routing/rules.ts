/** Rules for tests: what a test does not say is plain. */
import type { RouteRule } from "../../src/core/routing/rule.ts";

export function rule(id: string, condition: string, extra: Partial<RouteRule> = {}): RouteRule {
  const at = { file: "routes.yaml", line: Number(/\d+/.exec(id)?.[0] ?? 1), column: 5 };
  return { id, if: condition, use: "a", fallback: [], explain: null, origin: "user", at, ...extra };
}
