/** One request and its reply, read as it arrives. What goes wrong is told in the provider's words, without anything secret. */
import { BobaError, EXIT } from "../core/errors.ts";
import { parseFields } from "../core/json-fields.ts";
import { isUsed } from "../core/record.ts";
import { redact } from "../core/secret.ts";
import { printable } from "../core/text.ts";
import { ask, AskError, type Answered, readText } from "../platform/ask.ts";
import { errorIn, type Meter, type ReplyError } from "../proxy/reply.ts";
import { SseReader } from "../proxy/sse.ts";
import type { Ask } from "../proxy/wire.ts";
import type { Credentials } from "./credentials.ts";

/** Thinking models may say nothing for minutes; a dead connection is not waited for for ever. */
const IDLE_MS = 10 * 60_000;
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const MAX_MESSAGE = 200;

/** Who listens to the reply, and until when. */
export interface Listener {
  cancel: AbortSignal;
  onText(text: string): void;
}

/**
 * Sends the request and reads the reply to its end, or to where it breaks off; returns what went wrong then.
 * @throws BobaError BOBA-NET-20 when the provider refuses, BOBA-NET-23 when it is busy or broken, BOBA-NET-21 when it cannot be reached.
 */
export async function converse(
  { wire, endpoint, headers, used }: Credentials,
  wanted: Ask,
  meter: Meter,
  listener: Listener,
): Promise<string | null> {
  const body = JSON.stringify(wire.body(wanted));
  const accept = wanted.stream ? "text/event-stream" : "application/json";
  const options = {
    method: "POST",
    body,
    signal: listener.cancel,
    idleMs: IDLE_MS,
    headers: { "content-type": "application/json", accept, ...headers },
  } as const;
  let answered: Answered;
  try {
    answered = await ask(wire.url(endpoint, wanted), options);
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    if (listener.cancel.aborted) return "cancelled";
    throw new BobaError(
      "BOBA-NET-21",
      EXIT.network,
      `${hostOf(endpoint)} cannot be asked: ${error.message}`,
      "check the endpoint of the profile, and the connection",
      error,
    );
  }
  if (answered.status < 200 || answered.status > 299) throw refused(answered.status, await errorText(answered), endpoint, used);
  try {
    await listen(answered, meter, (text) => listener.onText(text));
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    return error.message;
  }
  const { error, status, parts } = meter.usage();
  if (error !== null) return `${hostOf(endpoint)} says: ${said(error, used)}`;
  if (status === "none" && !parts.some(({ counters }) => isUsed(counters)))
    return `${hostOf(endpoint)} sent no answer that ${wire.id} knows`;
  return status === "partial" ? "the reply ended before its end" : null;
}

/** What a refusal says, as far as it came: the status alone is enough to go by. */
async function errorText(answered: Answered): Promise<string> {
  try {
    return await readText(answered, MAX_ERROR_BYTES);
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    return "";
  }
}

/** A reply is read by what it is: some servers answer a stream with one piece of JSON. */
async function listen(answered: Answered, meter: Meter, onText: (text: string) => void): Promise<void> {
  if (!answered.contentType.startsWith("text/event-stream")) {
    onText(meter.body(await readText(answered, MAX_BODY_BYTES)));
    return;
  }
  const reader = new SseReader();
  const tell = (events: readonly string[]) => {
    for (const data of events) {
      const text = meter.event(data);
      if (text !== "") onText(text);
    }
  };
  for await (const chunk of answered.chunks) tell(reader.push(chunk));
  tell(reader.end());
}

function refused(status: number, body: string, endpoint: string, used: readonly string[]): BobaError {
  const reply = parseFields(body);
  const error = errorIn(reply);
  const why = error === null ? "" : `: ${said(error, used)}`;
  const hint =
    status === 401 || status === 403
      ? "check the key: boba secrets check --network"
      : status === 429 || status >= 500
        ? "wait a little and try again, or take another profile: boba ls profiles"
        : "check the model and the parameters of the profile";
  const code = status === 429 || status >= 500 ? "BOBA-NET-23" : "BOBA-NET-20";
  return new BobaError(code, EXIT.network, `${hostOf(endpoint)} answered ${status}${why}`, hint);
}

function said({ kind, message }: ReplyError, used: readonly string[]): string {
  const clean = printable(redact(message, used)).slice(0, MAX_MESSAGE);
  return kind === null ? clean : `${clean} (${printable(redact(kind, used))})`;
}

const hostOf = (endpoint: string): string => new URL(endpoint).host;
