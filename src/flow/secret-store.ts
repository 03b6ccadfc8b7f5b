/** Finds secrets: in the environment, in the system's keyring if the settings say so, in `secrets.yaml`. */
import { loadSecrets } from "../config/secrets.ts";
import { loadSettings } from "../config/settings.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { isSendable, type SecretOrigin, secretVariable, SENDABLE, withoutSecrets } from "../core/secret.ts";
import { secretsNamed, withSecrets } from "../core/secret-reference.ts";
import { type Keyring, openKeyring } from "../platform/keyring.ts";
import { keepOutOfCores } from "../platform/fs.ts";
import type { App } from "./app.ts";

export interface FoundSecret {
  secret: string;
  origin: SecretOrigin;
}

export interface SecretStore {
  /**
   * Null when it is nowhere. The file is read only for what neither the environment nor the keyring has.
   * @throws BobaError BOBA-SEC-3 for one that no header can carry, BOBA-CFG-* when the file is not valid.
   */
  find(name: string): Promise<FoundSecret | null>;
  /** The values with their references replaced, and the secrets that went into them. @throws BobaError BOBA-SEC-1 for one that is nowhere. */
  fillIn(values: Readonly<Record<string, string>>): Promise<{ values: Record<string, string>; used: string[] }>;
  /** Null unless the settings ask for it. */
  keyring(): Promise<Keyring | null>;
  /** What the file holds. */
  file(): Promise<ReadonlyMap<string, string>>;
}

/** `instead`: secrets to take as if they were stored. */
export function openSecrets(app: App, instead: ReadonlyMap<string, string> = new Map()): SecretStore {
  keepOutOfCores();
  let known: Promise<ReadonlyMap<string, string>> | null = null;
  const file = () => (known ??= loadSecrets(app.paths));
  const keyring = async () => ((await loadSettings(app.paths)).secrets.keyring ? openKeyring(withoutSecrets(app.env)) : null);

  const find = async (name: string): Promise<FoundSecret | null> => {
    const replaced = instead.get(name);
    if (replaced !== undefined) return { secret: replaced, origin: "file" };
    const given = app.env[secretVariable(name)];
    if (given !== undefined && given !== "") return { secret: sendable(secretVariable(name), given), origin: "environment" };
    const kept = (await (await keyring())?.find(name)) ?? null;
    if (kept !== null) return { secret: sendable(`the keyring's "${name}"`, kept), origin: "keyring" };
    const secret = (await file()).get(name);
    return secret === undefined ? null : { secret, origin: "file" };
  };

  const fillIn: SecretStore["fillIn"] = async (values) => {
    const found = new Map<string, string>();
    for (const value of Object.values(values)) {
      for (const name of secretsNamed(value) ?? []) if (!found.has(name)) found.set(name, (await find(name))?.secret ?? missing(name));
    }
    const filled = Object.entries(values).map(([key, value]) => [key, withSecrets(value, (name) => found.get(name) ?? missing(name))]);
    return { values: Object.fromEntries(filled) as Record<string, string>, used: [...found.values()] };
  };

  return { find, fillIn, keyring, file };
}

function sendable(where: string, secret: string): string {
  if (isSendable(secret)) return secret;
  throw new BobaError("BOBA-SEC-3", EXIT.usage, `${where} cannot be sent`, `a key is ${SENDABLE}: copy it again`);
}

function missing(name: string): never {
  throw new BobaError("BOBA-SEC-1", EXIT.usage, `there is no secret "${name}"`, `store it: boba secrets set ${name}`);
}
