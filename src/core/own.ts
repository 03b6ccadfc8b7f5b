/**
 * What a table that is written as an object has under `key`. Keys come from logs and files, and every object answers to `constructor` as well.
 */
export function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
