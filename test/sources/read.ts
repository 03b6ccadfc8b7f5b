/** Runs a source over one file and keeps what it hands over. */
import { statSync } from "node:fs";
import type { SourceRecord } from "../../src/core/record.ts";
import { claudeCode } from "../../src/sources/claude-code.ts";
import type { Position } from "../../src/sources/source.ts";

export interface ReadResult {
  records: SourceRecord[];
  skipped: [line: number, reason: string][];
  restarts: number;
  position: Position | null;
}

export function readClaude(path: string, from: Position | null = null): ReadResult {
  const at = statSync(path);
  const result: ReadResult = { records: [], skipped: [], restarts: 0, position: null };
  const file = { path, size: at.size, mtimeMs: at.mtimeMs, inode: at.ino, birthtimeMs: at.birthtimeMs };
  const steps = claudeCode.read(
    file,
    from,
    {
      record: (record) => result.records.push(record),
      skip: (line, reason) => result.skipped.push([line, reason]),
      total: (record) => result.records.push(record),
      restart: () => result.restarts++,
    },
    [file],
  );
  for (const position of steps) result.position = position;
  return result;
}
