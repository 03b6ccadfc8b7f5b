/** `boba secrets list`, `set`, `remove` and `check`. */
import { loadProfiles } from "../config/profiles.ts";
import { removeSecret, setSecret } from "../config/secrets-edit.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import {
  isSecretName,
  isSendable,
  SENDABLE,
  type KnownSecret,
  maskSecret,
  type SecretCheck,
  type SecretOrigin,
  secretVariable,
} from "../core/secret.ts";
import type { App } from "./app.ts";
import { secretsOf, sentSecrets } from "./credentials.ts";
import { checkKey } from "./key-check.ts";
import { openSecrets } from "./secret-store.ts";

const MAX_CHARS = 16_384;

/** Every secret that the file holds or a profile refers to, by name. */
export async function listSecrets(app: App): Promise<KnownSecret[]> {
  const store = openSecrets(app);
  const users = new Map<string, string[]>();
  for (const name of (await store.file()).keys()) users.set(name, []);
  for (const profile of await loadProfiles(app.paths)) {
    for (const name of secretsOf(profile)) users.set(name, [...(users.get(name) ?? []), profile.name]);
  }
  const known: KnownSecret[] = [];
  for (const [name, usedBy] of [...users].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const found = await store.find(name);
    known.push({ name, origin: found?.origin ?? null, masked: found === null ? null : maskSecret(found.secret), usedBy });
  }
  return known;
}

/** Stores a secret and says where. @throws BobaError BOBA-SEC-2 for a bad name, BOBA-SEC-3 for no secret. */
export async function storeSecret(app: App, name: string, secret: string): Promise<SecretOrigin> {
  checkName(name);
  checkSecret(secret);
  const keyring = await openSecrets(app).keyring();
  if (keyring !== null && (await keyring.save(name, secret))) {
    // One place alone: an old one in the file would come back if the keyring were switched off.
    await removeSecret(app.paths, name);
    return "keyring";
  }
  await setSecret(app.paths, name, secret);
  return "file";
}

/** Takes it out of the keyring and the file. @throws BobaError BOBA-SEC-1 when it is in neither. */
export async function forgetSecret(app: App, name: string): Promise<SecretOrigin[]> {
  const store = openSecrets(app);
  const keyring = await store.keyring();
  const inKeyring = keyring !== null && (await keyring.find(name)) !== null && (await keyring.remove(name));
  const inFile = await removeSecret(app.paths, name);
  if (!inKeyring && !inFile) {
    const given = app.env[secretVariable(name)] !== undefined;
    const hint = given ? `it comes from ${secretVariable(name)}: unset that` : "see what there is: boba secrets list";
    throw new BobaError("BOBA-SEC-1", EXIT.usage, `there is no secret "${name.slice(0, 64)}" stored`, hint);
  }
  return [...(inKeyring ? (["keyring"] as const) : []), ...(inFile ? (["file"] as const) : [])];
}

/** Whether what profiles refer to is there, and with `network` whether each profile's provider takes it. */
export async function checkSecrets(app: App, network: boolean): Promise<SecretCheck[]> {
  const profiles = await loadProfiles(app.paths);
  const store = openSecrets(app);
  const checks: SecretCheck[] = [];
  for (const known of await listSecrets(app)) {
    const asked: SecretCheck["asked"][number][] = [];
    for (const profile of network && known.origin !== null ? profiles : []) {
      if (sentSecrets(profile).includes(known.name)) asked.push({ profile: profile.name, ...(await verdict(profile, store)) });
    }
    checks.push({ ...known, asked });
  }
  return checks;
}

/** A profile that cannot be asked at all (no address, another secret missing) says so in its own line. */
async function verdict(...args: Parameters<typeof checkKey>): ReturnType<typeof checkKey> {
  try {
    return await checkKey(...args);
  } catch (error) {
    if (!(error instanceof BobaError)) throw error;
    return { verdict: "unknown", detail: error.message };
  }
}

export function checkName(name: string): void {
  if (isSecretName(name)) return;
  throw new BobaError("BOBA-SEC-2", EXIT.usage, "this is no name for a secret", "letters, digits, . _ and -, at most 64, e.g. anthropic");
}

/** @throws BobaError BOBA-SEC-3. Says nothing of what was typed. */
export function checkSecret(secret: string): void {
  const problem =
    secret.trim() === ""
      ? "nothing was typed"
      : secret.length > MAX_CHARS || !isSendable(secret)
        ? `this is too long, or not ${SENDABLE}`
        : null;
  if (problem !== null)
    throw new BobaError(
      "BOBA-SEC-3",
      EXIT.usage,
      problem,
      "paste the key, or pipe it in: pass show anthropic | boba secrets set anthropic",
    );
}
