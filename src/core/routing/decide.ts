/** Which profile serves a request: the first rule that holds, else the profile in use; now and then another one, to learn. */
import type { Profile } from "../profile.ts";
import { capText, type RouteContext } from "./context.ts";
import { explore, type ExploreOptions } from "./explore.ts";
import type { CompiledRule } from "./rules.ts";

export type Candidate = Pick<Profile, "name" | "adapter">;

export interface DecideOptions extends ExploreOptions {
  /** The profile of `boba use`; null: none. */
  active: string | null;
  /** What the project would rather have where the user says nothing, best first. */
  preferred: readonly string[];
  /** Whether to say why each rule did or did not hold. */
  trace: boolean;
  /** Asked before each rule: once it says so, no more rules are tried. Rules of a stranger's may be made to take seconds each. */
  isLate?: () => boolean;
}

export interface Decision {
  /** Null: nothing says who should serve it. */
  profile: string | null;
  /** The rule that held; null: none did. */
  rule: string | null;
  reason: string;
  /** To be tried in turn when that profile cannot serve. */
  fallback: string[];
  /** Whether this is a trial of another profile than the rules say. */
  explore: boolean;
  /** The rules that were asked, in order, the one that held last. Empty unless asked for. */
  trace: RuleTrace[];
}

export interface RuleTrace {
  rule: string;
  matched: boolean;
  why: string[];
}

/** `rules` as `compileRules` returns them. Rules whose profiles all are unknown are passed over. */
export function decide(
  rules: readonly CompiledRule[],
  profiles: readonly Candidate[],
  context: RouteContext,
  options: DecideOptions,
): Decision {
  const seen = context.text === null ? context : { ...context, text: capText(context.text) };
  const names = new Set(profiles.map(({ name }) => name));
  const trace: RuleTrace[] = [];
  const late = { ...options, isLate: options.isLate ?? (() => false) };
  const found = firstMatch(rules, names, seen, late, trace) ?? withoutRule(names, options);
  return { ...explore(found, profiles, options), trace };
}

/** A decision before anything is explored. */
export type Choice = Omit<Decision, "trace" | "explore">;

function firstMatch(
  rules: readonly CompiledRule[],
  names: ReadonlySet<string>,
  context: RouteContext,
  { trace: isTraced, isLate }: Required<Pick<DecideOptions, "trace" | "isLate">>,
  trace: RuleTrace[],
): Choice | null {
  for (const { rule, condition } of rules) {
    if (isLate()) {
      if (isTraced) trace.push({ rule: rule.id, matched: false, why: ["not tried, like all after it: the rules before it took too long"] });
      return null;
    }
    const evaluation = isTraced ? condition.evaluate(context) : null;
    const matched = evaluation?.matched ?? condition.test(context);
    const [profile, ...fallback] = matched ? [...new Set([rule.use, ...rule.fallback])].filter((name) => names.has(name)) : [];
    if (evaluation !== null) {
      const passedOver =
        matched && profile === undefined ? [`none of its profiles is defined: ${[rule.use, ...rule.fallback].join(", ")}`] : [];
      trace.push({ rule: rule.id, matched: profile !== undefined, why: [...evaluation.trace, ...passedOver] });
    }
    if (profile === undefined) continue;
    const instead = profile === rule.use ? "" : `, but ${rule.use} is not defined`;
    return { profile, rule: rule.id, reason: `${rule.explain ?? `rule ${rule.id} holds`}${instead}`, fallback };
  }
  return null;
}

function withoutRule(names: ReadonlySet<string>, { active, preferred }: DecideOptions): Choice {
  const choice = { rule: null, fallback: [] };
  if (active !== null && names.has(active)) return { ...choice, profile: active, reason: "no rule holds; this is the profile in use" };
  const wanted = preferred.find((name) => names.has(name));
  if (wanted !== undefined) return { ...choice, profile: wanted, reason: "no rule holds; the project prefers this profile" };
  const gone = active === null ? "no profile is in use" : `${active}, the profile in use, is not defined`;
  return { ...choice, profile: null, reason: `no rule holds, and ${gone}: boba use <profile>` };
}
