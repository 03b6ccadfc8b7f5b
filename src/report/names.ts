/** What rows are called where people read: the same words in tables and in Markdown. */
import type { Bucket, Row } from "../core/summary.ts";

const BUCKET_NAMES: Readonly<Record<Exclude<Bucket, "committed">, string>> = {
  pending: "pending (not committed)",
  abandoned: "abandoned (on no branch)",
  elsewhere: "not in this clone",
  outside: "outside any repo",
};

/** A row's name, as it was given by others: not yet fit to print. */
export function rowName(row: Row): string {
  return row.bucket !== undefined && row.bucket !== "committed" ? BUCKET_NAMES[row.bucket] : row.key;
}

/** Each repository by the fewest last parts of its name that no other shares: `api` for `github.com/acme/api`. */
export function shortRepoNames(names: Iterable<string>): Map<string, string> {
  const all = [...new Set(names)];
  // A name with a folder in brackets is already as short as it is clear.
  const tail = (name: string, parts: number) => (name.includes(" ") ? name : name.split("/").slice(-parts).join("/"));
  return new Map(
    all.map((name) => {
      for (let parts = 1; parts < name.split("/").length; parts++) {
        const short = tail(name, parts);
        if (all.every((other) => other === name || tail(other, parts) !== short)) return [name, short];
      }
      return [name, name];
    }),
  );
}
