/** Runs a source over one file and keeps what it hands over. */
import { statSync } from "node:fs";
import type { SourceRecord } from "../../src/core/record.ts";
import { claudeCode } from "../../src/sources/claude-code.ts";
import type { Position, SourceFile } from "../../src/sources/source.ts";

export interface ReadResult {
  records: SourceRecord[];
  skipped: [line: number, reason: string][];
  restarts: number;
  position: Position | null;
}

/** The file as a source's `discover` would tell of it. */
export function asSourceFile(path: string): SourceFile {
  const at = statSync(path);
  return { path, size: at.size, mtimeMs: at.mtimeMs, inode: at.ino, birthtimeMs: at.birthtimeMs };
}

export function readClaude(path: string, from: Position | null = null): ReadResult {
  const result: ReadResult = { records: [], skipped: [], restarts: 0, position: null };
  const file = asSourceFile(path);
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
