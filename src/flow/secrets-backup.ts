/** `boba secrets backup` and `restore`: `secrets.yaml` in a file that only a key or a passphrase opens (age). */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { replaceFile } from "../config/edit-yaml.ts";
import { loadSecrets, parseSecrets } from "../config/secrets.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { readBounded } from "../platform/bounded-read.ts";
import { hasCode, readIfThere, writeNewFile } from "../platform/fs.ts";
import { seal, unseal } from "../platform/pack.ts";
import type { App } from "./app.ts";
import { identitiesOf } from "./backup-unpack.ts";
import { checkRecipient } from "./backup.ts";

const MODE = 0o600;
const MAX_BYTES = 4 * 1024 * 1024;
const MAGIC = "age-encryption.org/v1\n-> scrypt";

export type Lock = { recipients: readonly string[] } | { passphrase: string };

/** How many secrets are in the new file. @throws BobaError BOBA-SEC-10 for nothing to keep, BOBA-SEC-11 when the file cannot be made. */
export async function backUpSecrets(app: App, file: string, lock: Lock): Promise<{ path: string; secrets: number }> {
  if ("recipients" in lock) for (const recipient of lock.recipients) checkRecipient(recipient);
  const secrets = await loadSecrets(app.paths);
  const text = readIfThere(app.paths.secrets);
  if (secrets.size === 0 || text === null)
    throw new BobaError(
      "BOBA-SEC-10",
      EXIT.usage,
      `${app.paths.secrets} holds no secrets`,
      "the keyring and the environment are not part of a backup",
    );
  const path = resolve(app.cwd, file);
  // Asked first: a passphrase takes seconds to apply.
  if (existsSync(path)) throw unwritable(path, "is there already");
  try {
    writeNewFile(path, await seal(text, lock), MODE);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const why = hasCode(error, "EEXIST") ? "is there already" : `cannot be written (${String(error.code)})`;
    throw unwritable(path, why, error);
  }
  return { path, secrets: secrets.size };
}

const unwritable = (path: string, why: string, cause?: unknown) =>
  new BobaError("BOBA-SEC-11", EXIT.usage, `${path} ${why}`, "name another file with --to", cause);

/** Whether a backup asks for a passphrase rather than a key. @throws BobaError BOBA-SEC-12 when it cannot be read. */
export function wantsPassphrase(app: App, file: string): boolean {
  return readBackup(app, file).toString("latin1", 0, MAGIC.length) === MAGIC;
}

/**
 * Puts the backup in the place of `secrets.yaml`. What would be lost by it is refused unless `force`.
 * @throws BobaError BOBA-SEC-13 when it cannot be opened, BOBA-SEC-14 when secrets would be lost.
 */
export async function restoreSecrets(
  app: App,
  file: string,
  by: { passphrase: string } | { identity: string | undefined },
  force: boolean,
): Promise<{ secrets: number }> {
  const sealed = readBackup(app, file);
  const key = "passphrase" in by ? by : { identities: identitiesOf(app, by.identity) };
  let text: string;
  try {
    text = (await unseal(sealed, key)).toString("utf8");
  } catch (error) {
    if (error instanceof BobaError) throw error;
    // The library's message may quote what it was given.
    const what = "passphrase" in by ? "the passphrase" : "the key";
    throw new BobaError("BOBA-SEC-13", EXIT.usage, `${file} cannot be opened with ${what}, or it is damaged`, "nothing was changed");
  }
  const restored = await parseSecrets(file, text);
  const lost = force
    ? []
    : [...(await loadSecrets(app.paths))].filter(([name, secret]) => restored.get(name) !== secret).map(([name]) => name);
  if (lost.length > 0) {
    const names = lost.slice(0, 5).join(", ");
    throw new BobaError(
      "BOBA-SEC-14",
      EXIT.usage,
      `${lost.length} of the secrets you have are other ones, or not in it: ${names}`,
      "give them up: --force",
    );
  }
  replaceFile(app.paths.secrets, text, MODE, true);
  return { secrets: restored.size };
}

function readBackup(app: App, file: string): Buffer {
  const refuse = (why: string, cause?: unknown) =>
    new BobaError("BOBA-SEC-12", EXIT.usage, `${file} ${why}`, "name the file that boba secrets backup made", cause);
  let found: ReturnType<typeof readBounded>;
  try {
    found = readBounded(resolve(app.cwd, file), MAX_BYTES, true);
  } catch (error) {
    throw refuse(`cannot be read (${error instanceof Error && "code" in error ? String(error.code) : "unknown error"})`, error);
  }
  if (found === null) throw refuse("cannot be read (ENOENT)");
  if ("refused" in found) throw refuse(`is no backup of secrets: it is ${found.refused}`);
  return found.bytes;
}
