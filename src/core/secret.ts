/** Names of secrets and how a secret is shown: hardly at all. References to them are in `secret-reference.ts`. */

/** Where a secret was found. */
export type SecretOrigin = "environment" | "keyring" | "file";

export interface KnownSecret {
  name: string;
  /** Null: a profile refers to it, and it is nowhere. */
  origin: SecretOrigin | null;
  /** What may be shown of it; null when it is nowhere. */
  masked: string | null;
  /** The profiles that use it, by name. */
  usedBy: readonly string[];
}

/** What became of asking a provider, at no cost, whether it takes a key. */
export interface SecretCheck extends KnownSecret {
  /** Of each profile that uses it; none without the network. */
  asked: readonly { profile: string; verdict: KeyVerdict; detail: string }[];
}

/** `unknown`: the provider could not be asked, or answered something else than yes or no. */
export type KeyVerdict = "accepted" | "refused" | "unknown";

/** A name that a user gives: of a profile, a rule, a secret. */
export const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
/** A shorter one would be given away by four of its letters. */
const LONG = 20;
const SHOWN = 4;

export const isSecretName = (name: string): boolean => NAME.test(name);

/** `BOBA_SECRET_<NAME>`: in capitals, whatever is no letter or digit an underscore. */
export function secretVariable(name: string): string {
  return `${SECRET_VARIABLES}${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}

/** How the variables that hold secrets begin: they are for boba alone. */
export const SECRET_VARIABLES = "BOBA_SECRET_";

/** An environment for programs that are not to see them. */
export function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith(SECRET_VARIABLES)));
}

/** Whether a header can carry it (RFC 9110, section 5.5): one line, printable, no character above U+00FF. */
export const isSendable = (secret: string): boolean => /^[\x20-\x7e\xa0-\xff]+$/.test(secret);

/** What is said of one that is not; nothing of it is shown. */
export const SENDABLE = "one line of printable characters up to U+00FF";

/** `…wxyz` of a long one, `****` of a short one. */
export function maskSecret(secret: string): string {
  const tail = secret.slice(-SHOWN);
  return secret.length >= LONG && /^[\x21-\x7e]+$/.test(tail) ? `…${tail}` : "****";
}

/** Text of others without the secrets in it, nor what looks like a key. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= SHOWN) clean = clean.replaceAll(secret, "[secret]");
  return clean.replaceAll(KEY, "[secret]");
}

/** Keys as providers make them; some repeat them, half hidden, in what they say is wrong with them. */
const KEY = /\b(?:(?:sk|pk|rk|xai|gsk|key)[-_*]|AIza)[A-Za-z0-9_*-]{6,}/g;
