/** Runs a source over all it discovers, as collect does, and keeps what it hands over. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SourceRecord } from "../../src/core/record.ts";
import type { Source, SourceContext } from "../../src/sources/source.ts";
import { SENTINEL } from "../helpers/agent.ts";
import { sandbox } from "../helpers/sandbox.ts";

export interface Scan {
  records: SourceRecord[];
  skipped: string[];
  files: string[];
}

export function scan(source: Source, home: string, context: Partial<SourceContext> = {}): Scan {
  const { files } = source.discover({ env: {}, home, extraPaths: [], ...context });
  const result: Scan = { records: [], skipped: [], files: files.map(({ path }) => path) };
  const record = (next: SourceRecord) => {
    if (JSON.stringify(next).includes(SENTINEL)) throw new Error("content was kept");
    result.records.push(next);
  };
  const sink = { record, total: record, skip: (_line: number, why: string) => void result.skipped.push(why), restart: () => {} };
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    for (const _ of source.read(file, null, sink, files));
  }
  return result;
}

/** A home folder with these files: objects become JSON, lists of them JSON lines. */
export function homeWith(files: Readonly<Record<string, unknown>>): string {
  const { home } = sandbox();
  for (const [name, content] of Object.entries(files)) put(join(home, name), content);
  return home;
}

export function put(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  writeFileSync(path, Array.isArray(content) ? content.map((line) => `${text(line)}\n`).join("") : text(content));
}
