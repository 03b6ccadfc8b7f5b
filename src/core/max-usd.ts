/** A limit in dollars, read exactly: no floating point between what was typed and what is compared. */
import { BobaError, EXIT } from "./errors.ts";

/**
 * Nano-dollars of an amount such as `20`, `0.5` or `12.34`.
 * @throws BobaError BOBA-CI-3 for anything else.
 */
export function parseUsd(text: string): bigint {
  const [, whole, part = ""] = /^\$?(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text.trim()) ?? [];
  if (whole === undefined) {
    throw new BobaError(
      "BOBA-CI-3",
      EXIT.usage,
      `"${text}" is not an amount in dollars`,
      "write it as a plain number: --max-usd 20 or --max-usd 0.50",
    );
  }
  return BigInt(whole) * 1_000_000_000n + BigInt(part.padEnd(9, "0"));
}
