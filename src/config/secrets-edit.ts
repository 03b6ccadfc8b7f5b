/** Adds, changes and removes single secrets. */
import { BobaError, EXIT } from "../core/errors.ts";
import { isSecretName } from "../core/secret.ts";
import type { Paths } from "../platform/paths.ts";
import { readConfigFile, textOf } from "./config-text.ts";
import { editedText, replaceFile, type YamlEdit } from "./edit-yaml.ts";
import { checkClosed, parseSecrets } from "./secrets.ts";
import { BAD_NAME } from "./yaml-file.ts";

const MODE = 0o600;

/**
 * Stores `value` under `name`, in `secrets.yaml` with mode 0600; what else is in the file stays as it is.
 * @throws BobaError BOBA-CFG-15 for a name that is not one; BOBA-CFG-1 to -4, -10 to -13 when the file is not as it must be: it is then left alone.
 */
export async function setSecret(paths: Paths, name: string, value: string): Promise<void> {
  if (!isSecretName(name)) throw new BobaError("BOBA-CFG-15", EXIT.usage, `not a name of a secret: ${BAD_NAME}`, "e.g. anthropic_key");
  const { text, nested } = await current(paths);
  const known = await parseSecrets(paths.secrets, text);
  const isFlat = name !== "secrets" && known.size > 0 && (known.has(name) ? !nested.has(name) : nested.size === 0);
  await write(paths, text, { at: isFlat ? [name] : ["secrets", name], value });
}

/** Removes a secret; false when there was none of that name. @throws BobaError as `setSecret`. */
export async function removeSecret(paths: Paths, name: string): Promise<boolean> {
  const { text, nested } = await current(paths);
  if (!(await parseSecrets(paths.secrets, text)).has(name)) return false;
  await write(paths, text, { at: nested.has(name) ? ["secrets", name] : [name], value: undefined });
  return true;
}

/** The text, and the names below `secrets:`. A file that is not valid is not touched. */
async function current(paths: Paths): Promise<{ text: string; nested: ReadonlySet<string> }> {
  const file = readConfigFile(paths.secrets);
  if (file === null) return { text: "", nested: new Set() };
  checkClosed(paths.secrets, file);
  const text = textOf(paths.secrets, file.bytes) ?? file.bytes.toString("utf8");
  await parseSecrets(paths.secrets, text);
  const { parseDocument, isMap } = await import("yaml");
  const below: unknown = parseDocument(text).get("secrets", true);
  return { text, nested: new Set(isMap(below) ? below.items.map(({ key }) => String(key)) : []) };
}

async function write(paths: Paths, text: string, edit: YamlEdit): Promise<void> {
  const edited = await editedText(text, [edit]);
  await parseSecrets(paths.secrets, edited);
  replaceFile(paths.secrets, edited, MODE, true);
}
