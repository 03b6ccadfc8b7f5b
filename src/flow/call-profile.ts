/** Which profile serves a call: the one that was named, else the one that rules, the active profile or the project choose; then its fallbacks. */
import { loadProfiles } from "../config/profiles.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import type { Profile } from "../core/profile.ts";
import type { App } from "./app.ts";
import type { CallRequest } from "./call.ts";
import { profileNamed } from "./profiles.ts";

export interface Candidate {
  profile: Profile;
  ruleId: string | null;
  /** In a few words. */
  reason: string;
  explore: boolean;
  /** The ledger was brought up to date to choose it. */
  isFresh: boolean;
}

/**
 * At least one, to be tried in turn. `sessionId`: the call is a session of its own, which may try another profile to learn of it.
 * @throws BobaError BOBA-USE-60 for an unknown profile, BOBA-USE-61 when nothing decides, BOBA-USE-64 for one that runs a program instead;
 *   BOBA-ROUTE-* and BOBA-CFG-* for rules and files that are not valid.
 */
export async function candidates(app: App, request: CallRequest, sessionId: string): Promise<readonly Candidate[]> {
  if (request.profile !== null) {
    const profile = await profileNamed(app, request.profile);
    if (profile.adapter === "http") return [{ profile, ruleId: null, reason: "it was named", explore: false, isFresh: false }];
    throw runsProgram(profile.name);
  }
  const { route } = await import("./route.ts");
  const ctxChars = request.prompt.length + (request.system?.length ?? 0);
  const facts = { text: request.prompt, ctxChars, tool: "boba", stream: request.stream, hasImage: false, model: request.model };
  const session = { id: sessionId, startedAtMs: app.now() };
  const {
    profile: chosen,
    rule,
    reason,
    fallback,
    explore,
    warnings,
    isFresh,
  } = await route(app, facts, { session, trace: false, import: true });
  for (const warning of warnings) request.tell(warning);
  if (chosen === null)
    throw new BobaError(
      "BOBA-USE-61",
      EXIT.usage,
      "no profile was named, no rule holds, and none is active",
      "name one with --profile, or choose one: boba use <profile>",
    );
  const profiles = new Map((await loadProfiles(app.paths)).map((profile) => [profile.name, profile]));
  const found = [chosen, ...fallback].flatMap((name): Candidate[] => {
    const profile = profiles.get(name);
    if (profile?.adapter !== "http") return [];
    if (name === chosen) return [{ profile, ruleId: rule, reason, explore, isFresh }];
    return [{ profile, ruleId: rule, reason: `${chosen} cannot serve (${reason})`, explore: false, isFresh }];
  });
  if (found.length === 0) throw runsProgram(chosen);
  return found;
}

function runsProgram(name: string): BobaError {
  const hint = `run it: boba run ${name}; or name one of the adapter http (boba ls profiles)`;
  return new BobaError("BOBA-USE-64", EXIT.usage, `profile ${name} runs a program`, hint);
}
