/** `~/.boba/secrets.yaml`: keys by name. No message ever holds a value. */
import type { z as Zod } from "zod";
import { BobaError, EXIT } from "../core/errors.ts";
import { isSendable, SENDABLE } from "../core/secret.ts";
import type { BoundedFile } from "../platform/bounded-read.ts";
import type { Paths } from "../platform/paths.ts";
import { userId } from "../platform/self.ts";
import { readConfigFile, textOf } from "./config-text.ts";
import { nameOf, type Z } from "./schema-parts.ts";
import { type ConfigFile, parseConfigFile } from "./yaml-file.ts";

const OTHERS = 0o077;
const MAX_VALUE = 16_384;

type File = Zod.infer<Awaited<ReturnType<typeof secretsSchema>>>;

/**
 * The user's secrets by name, in the order of the file; none when it is missing.
 * @throws BobaError BOBA-CFG-10 others may read it, BOBA-CFG-11 it is not the user's own (both exit 5); BOBA-CFG-1 to -4, -12, -13.
 */
export async function loadSecrets(paths: Paths): Promise<ReadonlyMap<string, string>> {
  const file = readConfigFile(paths.secrets);
  if (file === null) return new Map();
  checkClosed(paths.secrets, file);
  const text = textOf(paths.secrets, file.bytes);
  return text === null ? new Map() : parseSecrets(paths.secrets, text);
}

/** The same for a text that is not in place yet. */
export async function parseSecrets(path: string, text: string): Promise<ReadonlyMap<string, string>> {
  const file = await parseConfigFile(path, text, secretsSchema, { secret: true });
  const secrets = new Map<string, string>();
  for (const [where, name, value] of entriesOf(file)) {
    if (secrets.has(name)) throw file.fault(where, "this secret is there twice, once under `secrets:`");
    secrets.set(name, value);
  }
  return secrets;
}

/** `secrets:` holds them, or they stand by themselves, or both: a line added at the end of the file counts. */
function entriesOf({ value: { secrets, ...flat } }: ConfigFile<File>): [readonly string[], string, string][] {
  const nested = Object.entries(secrets ?? {}).map(([name, value]): [string[], string, string] => [["secrets", name], name, value]);
  return [...nested, ...Object.entries(flat).map(([name, value]): [string[], string, string] => [[name], name, value])];
}

/** @throws BobaError BOBA-CFG-10 or -11. Not where files have no owner (Windows). */
export function checkClosed(path: string, { mode, uid }: Pick<BoundedFile, "mode" | "uid">): void {
  if (userId === null) return;
  if (uid !== userId)
    throw new BobaError("BOBA-CFG-11", EXIT.permission, `${path} belongs to another account`, `make it your own: chown $(id -un) ${path}`);
  if ((mode & OTHERS) !== 0)
    throw new BobaError(
      "BOBA-CFG-10",
      EXIT.permission,
      `${path} is open to other accounts (${(mode & 0o777).toString(8)})`,
      `chmod 600 ${path}; if others use this machine, replace the keys in it`,
    );
}

export async function secretsSchema() {
  const { z } = await import("zod");
  const secret = secretOf(z);
  return z
    .object(
      { secrets: z.record(nameOf(z), secret, { error: "expected secrets by name" }).nullable().optional() },
      { error: "expected secrets by name" },
    )
    .catchall(secret)
    .superRefine((all, context) => {
      for (const key of Object.keys(all)) {
        const name = nameOf(z).safeParse(key);
        if (!name.success) context.addIssue({ code: "custom", path: [key], message: name.error.issues[0]?.message ?? "" });
      }
    });
}

function secretOf(z: Z) {
  return z
    .string({ error: "expected text; put the value in quotes" })
    .min(1, "expected a value")
    .max(MAX_VALUE, `expected at most ${MAX_VALUE} characters`)
    .refine(isSendable, `expected ${SENDABLE}`);
}
