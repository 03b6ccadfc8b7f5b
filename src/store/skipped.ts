/** What could not be read, and where. */
import type { Db } from "../platform/sqlite.ts";

export interface Skipped {
  path: string;
  /** From 1; 0 means the whole file. */
  line: number;
  reason: string;
}

/** Everything that is skipped now, by path and line; at most `limit`. */
export function listSkipped(db: Db, limit: number): Skipped[] {
  return db.prepare<[number], Skipped>("SELECT path, line, reason FROM skipped ORDER BY path, line LIMIT ?").all(limit);
}

/** How many single lines and whole files, and how many of both for each reason. */
export function countSkipped(db: Db): { lines: number; files: number; reasons: Record<string, number> } {
  const rows = db.prepare("SELECT reason, SUM(line > 0), SUM(line = 0) FROM skipped GROUP BY reason ORDER BY reason").raw().all() as [
    string,
    number,
    number,
  ][];
  const reasons = Object.fromEntries(rows.map(([reason, lines, files]) => [reason, lines + files]));
  return { lines: rows.reduce((sum, row) => sum + row[1], 0), files: rows.reduce((sum, row) => sum + row[2], 0), reasons };
}

/** Paths that could not be read as a whole, and why. */
export function unreadablePaths(db: Db): Map<string, string> {
  const rows = db.prepare<[], Skipped>("SELECT path, line, reason FROM skipped WHERE line = 0").all();
  return new Map(rows.map((row) => [row.path, row.reason]));
}

/** Prepared writes; call them inside a transaction. */
export function skippedWriter(db: Db): { add(skipped: Skipped): void; forget(path: string): void; forgetWhole(path: string): void } {
  const add = db.prepare("INSERT OR IGNORE INTO skipped (path, line, reason) VALUES (?, ?, ?)");
  const forget = db.prepare("DELETE FROM skipped WHERE path = ?");
  const forgetWhole = db.prepare("DELETE FROM skipped WHERE path = ? AND line = 0");
  return {
    add: (skipped) => void add.run(skipped.path, skipped.line, skipped.reason),
    forget: (path) => void forget.run(path),
    forgetWhole: (path) => void forgetWhole.run(path),
  };
}
