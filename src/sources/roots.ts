/** Where an agent's folders are: what the user's variables say, and folders that go by either of two names. */
import { join } from "node:path";

/** The folders that a variable lists, separated by commas; none when it is not set. */
export function listed(value: string | undefined): string[] {
  return (value ?? "").split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
}

/** The folder `name` in `folder`, which is `folder` itself when that is its name. */
export function inner(folder: string, name: string): string {
  const own = folder.split(/[\\/]/).findLast((part) => part !== "");
  return own === name ? folder : join(folder, name);
}
