/** What a profile is asked with: address, headers and key, ready to be sent. Nothing of it is ever stored or logged. */
import { BobaError, EXIT } from "../core/errors.ts";
import type { Profile } from "../core/profile.ts";
import { keyVariables, type ToolAccess } from "../core/tool-env.ts";
import { secretsNamed } from "../core/secret-reference.ts";
import { wireFor } from "../proxy/providers/index.ts";
import type { Wire } from "../proxy/wire.ts";
import type { SecretStore } from "./secret-store.ts";

export interface Credentials {
  wire: Wire;
  endpoint: string;
  headers: Readonly<Record<string, string>>;
  /** Every secret that the headers hold, to be kept out of whatever is printed. */
  used: readonly string[];
}

/** Headers that carry a key, in any protocol. */
const KEY_HEADERS = new Set(["authorization", "x-api-key", "x-goog-api-key", "api-key"]);

/** @throws BobaError BOBA-USE-62 when nothing says where to ask, BOBA-SEC-1 for a secret that is nowhere. */
export async function credentialsOf(profile: Profile, secrets: SecretStore): Promise<Credentials> {
  const found = wireFor(profile.provider, profile.endpoint);
  if (found === null)
    throw new BobaError(
      "BOBA-USE-62",
      EXIT.usage,
      `profile ${profile.name} has no endpoint, and ${profile.provider} has no address that boba knows`,
      "add `endpoint:` to it: boba edit profiles",
    );
  const { values, used } = await secrets.fillIn(profile.headers);
  const key = namesKey(profile) ? null : await keyOf(profile, found.isOwn, secrets);
  // A header's name has no case: what the profile says replaces what the protocol would.
  const headers = Object.fromEntries(
    [...Object.entries(found.wire.headers), ...(key === null ? [] : [found.wire.key(key)]), ...Object.entries(values)].map(
      ([name, value]) => [name.toLowerCase(), value],
    ),
  );
  return { wire: found.wire, endpoint: found.endpoint, headers, used: key === null ? used : [...used, key] };
}

/** The same for a program that is run: the key without its header, the other headers beside it. @throws BobaError BOBA-SEC-1. */
export async function toolAccess(profile: Profile, secrets: SecretStore): Promise<ToolAccess> {
  const { provider, endpoint, model } = profile;
  const { values } = await secrets.fillIn(profile.headers);
  const entries = Object.entries(values);
  const keyed = entries.find(([name]) => KEY_HEADERS.has(name.toLowerCase()))?.[1] ?? null;
  const bearer = keyed === null ? null : (/^Bearer\s+(.+)$/i.exec(keyed)?.[1] ?? null);
  const key = keyed === null ? await keyOf(profile, isOwnAddress(profile), secrets) : (bearer ?? keyed);
  const headers = Object.fromEntries(entries.filter(([name]) => !KEY_HEADERS.has(name.toLowerCase())));
  return { provider, endpoint, model, key, isBearer: bearer !== null, headers };
}

/** Names of the secrets that a profile uses: those it refers to, else the one called like its provider where the key goes to the provider itself. */
export function secretsOf(profile: Profile): string[] {
  const named = [...Object.values(profile.headers), ...Object.values(profile.env)].flatMap((value) => secretsNamed(value) ?? []);
  const isImplied = named.length === 0 && !namesKey(profile) && isOwnAddress(profile);
  return [...new Set(isImplied ? [profile.provider] : named)];
}

function namesKey({ headers }: Profile): boolean {
  return Object.keys(headers).some((name) => KEY_HEADERS.has(name.toLowerCase()));
}

const isOwnAddress = ({ provider, endpoint }: Profile): boolean => wireFor(provider, endpoint)?.isOwn === true;

/** Names of the secrets that a request with this profile carries to its provider, whom one can ask about them. */
export function sentSecrets(profile: Profile): string[] {
  const named = Object.values(profile.headers).flatMap((value) => secretsNamed(value) ?? []);
  if (namesKey(profile)) return [...new Set(named)];
  const value = keyValue(profile);
  const key = value !== undefined ? (secretsNamed(value) ?? []) : isOwnAddress(profile) ? [profile.provider] : [];
  return [...new Set([...named, ...key])];
}

/** What the profile gives its provider's own tools as their key. */
function keyValue({ provider, env }: Profile): string | undefined {
  const variable = keyVariables(provider).find((name) => Object.hasOwn(env, name));
  return variable === undefined ? undefined : env[variable];
}

/** The key that the profile hands to tools, else the secret called like its provider; the latter goes to the provider's own address alone. */
async function keyOf(profile: Profile, isOwn: boolean, secrets: SecretStore): Promise<string | null> {
  const value = keyValue(profile);
  if (value !== undefined) return (await secrets.fillIn({ key: value })).values["key"] ?? null;
  return isOwn ? ((await secrets.find(profile.provider))?.secret ?? null) : null;
}
