/** Asks a provider for its list of models, which costs nothing and is answered only to those whose key it takes. */
import type { KeyVerdict } from "../core/secret.ts";

/** What a status says of the key: some providers answer 400 for one that is none of theirs. */
export function verdictOf(status: number, body: string): KeyVerdict {
  if (status >= 200 && status <= 299) return "accepted";
  if (status === 401 || status === 403) return "refused";
  return status === 400 && /api[ _]key/i.test(body) ? "refused" : "unknown";
}
