/** `boba call`: one request through a profile, its answer as it arrives, its cost in the ledger. */
import { randomUUID } from "node:crypto";
import type { CallOutcome } from "../core/call.ts";
import { BobaError, type ErrorCode, EXIT } from "../core/errors.ts";
import { addCounters, noCounters, type ReplyUsage } from "../proxy/reply.ts";
import type { App } from "./app.ts";
import { checkBudgets } from "./budget.ts";
import { bookCall, type Books, openBooks } from "./call-record.ts";
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
  // Once somebody has answered nobody else is asked, whatever becomes of the booking.
  const { turn, answer } = await firstAnswer(app, request, sessionId);
  return settle(app, request, turn, answer, sessionId);
}

/** Asks one after the other until one answers. */
async function firstAnswer(app: App, request: CallRequest, sessionId: string): Promise<{ turn: Candidate; answer: Answer }> {
  const turns = await candidates(app, request, sessionId);
  for (const [at, turn] of turns.entries()) {
    try {
      return { turn, answer: await askThrough(app, request, turn) };
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

interface Answer {
  books: Books;
  model: string;
  usage: ReplyUsage;
  /** What was wrong with the reply; null when nothing was. */
  problem: string | null;
  startedAtMs: number;
  latencyMs: number;
}

async function askThrough(app: App, request: CallRequest, { profile, isFresh }: Candidate): Promise<Answer> {
  const model = request.model ?? profile.model;
  if (model === null)
    throw new BobaError("BOBA-USE-63", EXIT.usage, `profile ${profile.name} names no model`, "name one: --model claude-sonnet-4-5");
  const { refused, alerts } = await checkBudgets(app, { profile: profile.name, cwd: app.cwd, import: !isFresh });
  for (const alert of alerts) request.tell(alert);
  if (refused !== null) throw refused;
  const credentials = await credentialsOf(profile, openSecrets(app));
  const books = await openBooks(app);
  try {
    const startedAtMs = app.now();
    const meter = credentials.wire.meter();
    const problem = await converse(credentials, { ...request, model, params: profile.params }, meter, request);
    return { books, model, usage: meter.usage(), problem, startedAtMs, latencyMs: app.now() - startedAtMs };
  } catch (error) {
    books.db.close();
    throw error;
  }
}

async function settle(app: App, request: CallRequest, turn: Candidate, answer: Answer, sessionId: string): Promise<CallOutcome> {
  const { profile, ruleId, reason, explore } = turn;
  const { books, model, usage, problem, startedAtMs, latencyMs } = answer;
  const via = { profile: profile.name, ruleId, explore, latencyMs };
  try {
    const booked = await bookCall(app, books, { profile, model, sessionId, usage, startedAtMs, via });
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
  } finally {
    books.db.close();
  }
}
