/** `boba secrets rotate`: the new key takes the old one's place once the provider has taken it. */
import { loadProfiles } from "../config/profiles.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { type SecretOrigin, secretVariable } from "../core/secret.ts";
import type { App } from "./app.ts";
import { sentSecrets } from "./credentials.ts";
import { checkKey } from "./key-check.ts";
import { openSecrets, type SecretStore } from "./secret-store.ts";
import { checkName, checkSecret, storeSecret } from "./secrets.ts";

export interface Rotation {
  origin: SecretOrigin;
  /** The profiles whose providers took the new key; none with `check` off. */
  accepted: readonly string[];
}

/**
 * @throws BobaError BOBA-SEC-1 when there is no old one, BOBA-SEC-5 when a provider refuses the new one, BOBA-SEC-6 when no profile says whom to ask,
 *   BOBA-SEC-7 when it cannot be asked: the old one then stays.
 */
export async function rotateSecret(app: App, name: string, fresh: string, check: boolean): Promise<Rotation> {
  checkRotatable(app, name);
  checkSecret(fresh);
  const store = openSecrets(app);
  if ((await store.find(name)) === null)
    throw new BobaError("BOBA-SEC-1", EXIT.usage, `there is no secret "${name}" to replace`, `store it: boba secrets set ${name}`);
  const accepted = check ? await accept(app, name, openSecrets(app, new Map([[name, fresh]]))) : [];
  return { origin: await storeSecret(app, name, fresh), accepted };
}

/** Asked before the new key is typed. @throws BobaError BOBA-SEC-2, BOBA-SEC-8 when the environment would go on giving the old one. */
export function checkRotatable(app: App, name: string): void {
  checkName(name);
  const variable = secretVariable(name);
  if (!app.env[variable]) return;
  throw new BobaError(
    "BOBA-SEC-8",
    EXIT.usage,
    `"${name}" comes from the environment, which would hide the new one`,
    `change ${variable} where it is set, or unset it`,
  );
}

async function accept(app: App, name: string, store: SecretStore): Promise<string[]> {
  const users = (await loadProfiles(app.paths)).filter((profile) => sentSecrets(profile).includes(name));
  if (users.length === 0)
    throw new BobaError(
      "BOBA-SEC-6",
      EXIT.usage,
      `no profile sends "${name}" to its provider, so nobody can be asked about the new one`,
      "replace it all the same: --no-check",
    );
  for (const profile of users) {
    const { verdict, detail } = await checkKey(profile, store);
    const skip = `replace it all the same: boba secrets rotate ${name} --no-check`;
    if (verdict === "refused")
      throw new BobaError(
        "BOBA-SEC-5",
        EXIT.network,
        `the new key is refused, the old one stays: ${detail}`,
        "check that you have copied all of it",
      );
    if (verdict === "unknown")
      throw new BobaError("BOBA-SEC-7", EXIT.network, `the new key cannot be tried, the old one stays: ${detail}`, skip);
  }
  return users.map((profile) => profile.name);
}
