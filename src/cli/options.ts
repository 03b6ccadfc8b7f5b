/** Checks on option values that several commands share. */
import { BobaError, EXIT } from "../core/errors.ts";

/**
 * `value` as one of `allowed`.
 * @throws BobaError BOBA-USE-1 for anything else.
 */
export function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new BobaError("BOBA-USE-1", EXIT.usage, `${option} ${value} is not known`, `use one of: ${allowed.join(", ")}`);
}
