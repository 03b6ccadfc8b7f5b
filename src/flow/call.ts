/** `boba call`: one request through a profile, its answer as it arrives, its cost in the ledger. */
import type { CallOutcome } from "../core/call.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { addCounters, noCounters } from "../proxy/reply.ts";
import type { Ask } from "../proxy/wire.ts";
import type { App } from "./app.ts";
import { bookCall } from "./call-record.ts";
import { chooseProfile } from "./call-profile.ts";
import { converse } from "./converse.ts";
import { credentialsOf } from "./credentials.ts";
import { openSecrets } from "./secret-store.ts";

export interface CallRequest {
  /** Null: a rule decides, else the active profile serves. */
  profile: string | null;
  prompt: string;
  model: string | null;
  system: string | null;
  maxTokens: number | null;
  stream: boolean;
  /** The user has had enough: the provider is told, and what was seen is booked. */
  cancel: AbortSignal;
  /** Takes the answer, piece by piece. */
  onText(text: string): void;
}

/**
 * Asks, passes the answer on and books what it cost, also when it was cut.
 * @throws BobaError BOBA-NET-20 when the provider refuses, BOBA-NET-21 when it cannot be reached; then nothing was spent and nothing is booked.
 */
export async function call(app: App, request: CallRequest): Promise<CallOutcome> {
  const { profile, ruleId, reason, explore } = await chooseProfile(app, request);
  const model = request.model ?? profile.model;
  if (model === null)
    throw new BobaError("BOBA-USE-63", EXIT.usage, `profile ${profile.name} names no model`, "name one: --model claude-sonnet-4-5");
  const credentials = await credentialsOf(profile, openSecrets(app));
  const wanted: Ask = { ...request, model, params: profile.params };
  const startedAtMs = app.now();
  const meter = credentials.wire.meter();
  const problem = await converse(credentials, wanted, meter, request);
  const usage = meter.usage();
  const latencyMs = app.now() - startedAtMs;
  const via = { profile: profile.name, ruleId, explore, latencyMs };
  const cut = problem !== null || request.cancel.aborted;
  const status = cut && usage.status === "exact" && usage.error !== null ? "partial" : usage.status;
  const costNanoUsd = await bookCall(app, { profile, model, usage: { ...usage, status }, startedAtMs, via });
  const counters = noCounters();
  for (const part of usage.parts) addCounters(counters, part.counters);
  app.log.write("info", "call", { profile: profile.name, status, requests: usage.parts.length, durationMs: latencyMs });
  return {
    profile: profile.name,
    provider: profile.provider,
    model: usage.parts[0]?.model ?? model,
    ruleId,
    reason,
    explore,
    counters,
    status,
    costNanoUsd,
    latencyMs,
    problem: request.cancel.aborted ? null : problem,
    cancelled: request.cancel.aborted,
  };
}
