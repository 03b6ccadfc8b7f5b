/** Ticket patterns of the user's own. In a file of its own: only who has one waits for the pattern engine to load. */
import { RE2JS } from "re2js";
import { BobaError, EXIT } from "./errors.ts";
import { DEFAULT_TICKET_PATTERN, firstTicket, MAX_TICKET_PATTERN, type TicketOf } from "./tickets.ts";

/**
 * A function from a branch to its first ticket (the pattern's first group when it has one), or null. Matching takes time in proportion
 * to the branch's length, whatever the pattern says.
 * @throws BobaError BOBA-CFG-20 for a pattern that is too long or not a regular expression.
 */
export function compileTicketPattern(pattern: string): TicketOf {
  const hint = `set tickets.pattern in settings.yaml to a regular expression of at most ${MAX_TICKET_PATTERN} characters, e.g. ${DEFAULT_TICKET_PATTERN}`;
  if (pattern.length > MAX_TICKET_PATTERN) throw new BobaError("BOBA-CFG-20", EXIT.usage, "the ticket pattern is too long", hint);
  if (/\(\?<?[=!]|\\[1-9]|\\k</.test(pattern)) {
    const message = "the ticket pattern looks ahead or behind, or refers back to a group, which is not supported";
    throw new BobaError("BOBA-CFG-20", EXIT.usage, message, hint);
  }
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch (error) {
    throw new BobaError("BOBA-CFG-20", EXIT.usage, `the ticket pattern is not a regular expression: ${pattern}`, hint, error);
  }
  return (branch) => firstTicket(branch, (text) => expression.exec(text) as (string | null | undefined)[] | null);
}
