/** Values of options that are one of a list. */
import { BobaError, EXIT } from "../core/errors.ts";

/** @throws BobaError BOBA-USE-2 that lists what there is. */
export function choice<const T extends string>(what: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((item) => item === value);
  if (found !== undefined) return found;
  throw new BobaError(
    "BOBA-USE-2",
    EXIT.usage,
    `there is no ${what} ${JSON.stringify(value.slice(0, 60))}`,
    `use one of: ${allowed.join(", ")}`,
  );
}

/** A whole number of at least 1, or null when the option was not given. @throws BobaError BOBA-USE-23. */
export function positive(option: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const number = Number(value);
  if (/^\d{1,9}$/.test(value) && number >= 1) return number;
  throw new BobaError("BOBA-USE-23", EXIT.usage, `${option} takes a whole number from 1`, `e.g. ${option} 10`);
}
