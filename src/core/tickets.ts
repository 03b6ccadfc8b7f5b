/** Finds the ticket in a branch name. */
import { BobaError, EXIT } from "./errors.ts";

/** Upper-case project key, dash, number: `PROJ-123`. Used unless settings.yaml says otherwise (`tickets.pattern`). */
export const DEFAULT_TICKET_PATTERN = "[A-Z][A-Z0-9]+-[0-9]+";

const MAX_PATTERN = 200;
/** Longer than any ref name a file system takes: what a pattern is run on stays small. */
const MAX_BRANCH = 255;

export type TicketOf = (branch: string | null) => string | null;

/**
 * A function from a branch to its first ticket (the pattern's first group when it has one), or null.
 * @throws BobaError BOBA-CFG-20 for a pattern that is too long or not a regular expression.
 */
export function compileTicketPattern(pattern: string): TicketOf {
  const hint = `set tickets.pattern in settings.yaml to a regular expression of at most ${MAX_PATTERN} characters, e.g. ${DEFAULT_TICKET_PATTERN}`;
  if (pattern.length > MAX_PATTERN) throw new BobaError("BOBA-CFG-20", EXIT.usage, "the ticket pattern is too long", hint);
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, "u");
  } catch (error) {
    throw new BobaError("BOBA-CFG-20", EXIT.usage, `the ticket pattern is not a regular expression: ${pattern}`, hint, error);
  }
  return (branch) => {
    if (branch === null) return null;
    const found = expression.exec(branch.slice(0, MAX_BRANCH));
    return (found?.[1] ?? found?.[0]) || null;
  };
}
