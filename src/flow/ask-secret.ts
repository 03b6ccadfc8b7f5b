/** What the user types unseen, or pipes in. */
import type { Readable, Writable } from "node:stream";
import { BobaError, EXIT } from "../core/errors.ts";
import { isTerminal, readHidden } from "../platform/hidden-input.ts";

export interface Console {
  stdin: Readable;
  stderr: Writable;
}

/** @throws BobaError BOBA-SEC-4 (exit 10) on Ctrl-C. */
export async function askSecret({ stdin, stderr }: Console, question: string): Promise<string> {
  const typed = await readHidden(stdin, stderr, question);
  if (typed === null) throw new BobaError("BOBA-SEC-4", EXIT.cancelled, "cancelled", "nothing was changed");
  return typed;
}

/** Asked twice on a terminal, since nobody sees what is typed. @throws BobaError BOBA-SEC-9 when the two differ, or it is short. */
export async function askNewPassphrase(console: Console): Promise<string> {
  const first = await askSecret(console, "Passphrase: ");
  const again = isTerminal(console.stdin) ? await askSecret(console, "Once more: ") : first;
  if (first !== again) throw new BobaError("BOBA-SEC-9", EXIT.usage, "the two passphrases differ", "run it again");
  if (first.length < MIN_CHARS)
    throw new BobaError("BOBA-SEC-9", EXIT.usage, `a passphrase has at least ${MIN_CHARS} characters`, "several words are easy to keep");
  return first;
}

const MIN_CHARS = 8;
