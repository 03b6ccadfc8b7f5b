/** `boba call`: one request through a profile, its answer as it arrives, its cost in the ledger. */
import { randomUUID } from "node:crypto";
import type { CallOutcome } from "../core/call.ts";
import { BobaError, type ErrorCode, EXIT } from "../core/errors.ts";
import { addCounters, noCounters } from "../proxy/reply.ts";
import type { Ask } from "../proxy/wire.ts";
import type { App } from "./app.ts";
import { checkBudgets } from "./budget.ts";
import { bookCall } from "./call-record.ts";
import { type Candidate, candidates } from "./call-profile.ts";
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
  /** Takes a line for the user: an alert, a warning, who is asked instead. */
  tell(line: string): void;
}

/**
 * Asks, passes the answer on and books what it cost, also when it was cut. A profile that cannot serve gives way to its fallbacks.
 * @throws BobaError BOBA-NET-20 when the provider refuses, BOBA-NET-21 when it cannot be reached, BOBA-BUD-1 when a budget is used up; then nothing
 *   was spent and nothing is booked.
 */
export async function call(app: App, request: CallRequest): Promise<CallOutcome> {
  const sessionId = `call-${randomUUID()}`;
  const turns = await candidates(app, request, sessionId);
  for (const [at, turn] of turns.entries()) {
    try {
      return await callThrough(app, request, turn, sessionId);
    } catch (error) {
      const next = turns[at + 1];
      if (next === undefined || !(error instanceof BobaError) || request.cancel.aborted) throw error;
      // Who asked for no trial must not suffer from it, whatever that profile lacks.
      if (!turn.explore && !PASSED_ON.has(error.code)) throw error;
      request.tell(`${error.message}; asking ${next.profile.name}`);
    }
  }
  throw new Error("a call without a candidate");
}

/** The provider is busy, down or unreachable, or the profile's budget is used up: somebody else may serve. */
const PASSED_ON: ReadonlySet<ErrorCode> = new Set(["BOBA-NET-21", "BOBA-NET-23", "BOBA-BUD-1"]);

async function callThrough(app: App, request: CallRequest, turn: Candidate, sessionId: string): Promise<CallOutcome> {
  const { profile, ruleId, reason, explore } = turn;
  const model = request.model ?? profile.model;
  if (model === null)
    throw new BobaError("BOBA-USE-63", EXIT.usage, `profile ${profile.name} names no model`, "name one: --model claude-sonnet-4-5");
  const { refused, alerts } = await checkBudgets(app, { profile: profile.name, cwd: app.cwd });
  for (const alert of alerts) request.tell(alert);
  if (refused !== null) throw refused;
  const credentials = await credentialsOf(profile, openSecrets(app));
  const wanted: Ask = { ...request, model, params: profile.params };
  const startedAtMs = app.now();
  const meter = credentials.wire.meter();
  const problem = await converse(credentials, wanted, meter, request);
  const usage = meter.usage();
  const latencyMs = app.now() - startedAtMs;
  const via = { profile: profile.name, ruleId, explore, latencyMs };
  const booked = await bookCall(app, { profile, model, sessionId, usage, startedAtMs, via });
  for (const alert of booked.alerts) request.tell(alert);
  const counters = noCounters();
  for (const part of usage.parts) addCounters(counters, part.counters);
  app.log.write("info", "call", { profile: profile.name, status: usage.status, requests: usage.parts.length, durationMs: latencyMs });
  return {
    profile: profile.name,
    provider: profile.provider,
    model: usage.parts[0]?.model ?? model,
    ruleId,
    reason,
    explore,
    counters,
    status: usage.status,
    costNanoUsd: booked.costNanoUsd,
    latencyMs,
    problem: request.cancel.aborted ? null : problem,
    cancelled: request.cancel.aborted,
  };
}
