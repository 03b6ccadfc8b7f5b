/** Whether a provider takes a key, asked with a request that costs nothing. */
import type { Profile } from "../core/profile.ts";
import { type KeyVerdict, redact } from "../core/secret.ts";
import { parseFields } from "../core/json-fields.ts";
import { printable } from "../core/text.ts";
import { ask, AskError, readText } from "../platform/ask.ts";
import { verdictOf } from "../proxy/free-request.ts";
import { errorIn } from "../proxy/reply.ts";
import { credentialsOf } from "./credentials.ts";
import type { SecretStore } from "./secret-store.ts";

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 16 * 1024;
const MAX_MESSAGE = 120;

/** Asks the provider of `profile` with the key that `secrets` gives. Never throws for what the provider or the network does. */
export async function checkKey(profile: Profile, secrets: SecretStore): Promise<{ verdict: KeyVerdict; detail: string }> {
  const { wire, endpoint, headers, used } = await credentialsOf(profile, secrets);
  const { host } = new URL(endpoint);
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answered = await ask(wire.models(endpoint), { method: "GET", headers, signal, idleMs: TIMEOUT_MS });
    const body = await readText(answered, MAX_BYTES);
    const said = errorIn(parseFields(body));
    const why = said === null ? "" : `: ${printable(redact(said.message, used)).slice(0, MAX_MESSAGE)}`;
    return { verdict: verdictOf(answered.status, body), detail: `${host} answered ${answered.status}${why}` };
  } catch (error) {
    if (!(error instanceof AskError)) throw error;
    return { verdict: "unknown", detail: `${host} cannot be asked: ${error.message}` };
  }
}
