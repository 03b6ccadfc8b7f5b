/** A source by the id that was typed. */
import { BobaError, EXIT } from "../core/errors.ts";
import { SOURCES } from "../sources/index.ts";
import type { Source } from "../sources/source.ts";

/** @throws BobaError BOBA-USE-11 for a source nobody knows, naming those that are. */
export function knownSource(id: string): Source {
  const found = SOURCES.find((source) => source.id === id);
  if (found !== undefined) return found;
  const known = SOURCES.map((source) => source.id).join(", ");
  throw new BobaError("BOBA-USE-11", EXIT.usage, `there is no source "${id.slice(0, 80)}"`, `use one of: ${known}`);
}
