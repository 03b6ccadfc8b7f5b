/** Asking before something is changed. */
import { createInterface } from "node:readline";
import { BobaError, EXIT } from "../core/errors.ts";
import type { Streams } from "./context.ts";

/** Whether the answer was yes; no is what an empty one means. @throws BobaError BOBA-BUD-12 where nobody can be asked. */
export async function confirm({ stdin, stderr }: Pick<Streams, "stdin" | "stderr">, question: string): Promise<boolean> {
  if (!("isTTY" in stdin) || stdin.isTTY !== true)
    throw new BobaError("BOBA-BUD-12", EXIT.usage, "nobody is there to be asked", "run it in a terminal, or with --yes");
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await new Promise<string>((resolve) => {
      lines.once("close", () => resolve(""));
      lines.question(`${question} [y/N] `, resolve);
    });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
