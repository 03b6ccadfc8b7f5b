/** Finds the ticket in a branch name. */

export type TicketOf = (branch: string | null) => string | null;

/** Upper-case project key, dash, number: `PROJ-123`. Used unless settings.yaml says otherwise (`tickets.pattern`). */
export const DEFAULT_TICKET_PATTERN = "[A-Z][A-Z0-9]+-[0-9]+";
/** Characters. */
export const MAX_TICKET_PATTERN = 200;

/** Longer than any ref name a file system takes: what a pattern is run on stays small. */
const MAX_BRANCH = 255;

/** The first ticket of the usual form in a branch, or null. */
export function usualTicket(branch: string | null): string | null {
  return firstTicket(branch, (text) => USUAL.exec(text));
}

const USUAL = new RegExp(DEFAULT_TICKET_PATTERN);

/** The first group of what `find` finds in the branch, else the whole of it, or null. */
export function firstTicket(branch: string | null, find: (text: string) => readonly (string | null | undefined)[] | null): string | null {
  if (branch === null) return null;
  const found = find(branch.slice(0, MAX_BRANCH));
  return (found?.[1] ?? found?.[0]) || null;
}
