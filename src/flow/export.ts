/** `boba export`: every record that passes, in a form that other programs read. */
import { accessSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { BobaError, EXIT } from "../core/errors.ts";
import type { ExportedRecord } from "../core/export.ts";
import { type FocusCharge, focusCharges } from "../core/focus.ts";
import { parseRange } from "../core/range.ts";
import { writeChunksAtomic } from "../platform/fs.ts";
import { exportRecords } from "../store/export.ts";
import type { App } from "./app.ts";
import { clockOf, repoNamed } from "./filter.ts";
import { loadRates } from "./prices.ts";
import { openView } from "./refresh.ts";

export interface ExportRequest {
  since?: string | undefined;
  until?: string | undefined;
  repo?: string | undefined;
  branch?: string | undefined;
  project?: string | undefined;
  import: boolean;
}

export interface Export {
  records: Iterable<ExportedRecord>;
  warnings: readonly string[];
  close(): void;
}

/** Opens the records for reading, oldest first; `close` when done. @throws BobaError for a range or a repository that makes no sense. */
export async function openExport(app: App, request: ExportRequest): Promise<Export> {
  const range = parseRange(request, clockOf(app));
  const view = await openView(app, { import: request.import });
  try {
    const repo = request.repo === undefined ? null : repoNamed(view.db, request.repo);
    const filter = { ...range, repo, branch: request.branch ?? null, project: request.project ?? null };
    return { records: exportRecords(view.db, filter), warnings: view.warnings, close: () => view.close() };
  } catch (error) {
    view.close();
    throw error;
  }
}

/** The same as FOCUS charges. */
export async function focusOf(app: App, records: Iterable<ExportedRecord>): Promise<Iterable<FocusCharge>> {
  return focusCharges(records, await loadRates(app));
}

/** Writes an export to a file that appears whole or not at all. @throws BobaError BOBA-FS-3 when it cannot be written. */
export function saveExport(app: App, path: string, chunks: Iterable<string>): void {
  saveNamed(resolve(app.cwd, path), "name another file with --output", (target) => writeChunksAtomic(target, chunks));
}

/** `write`, for a file whose place the user named. @throws BobaError BOBA-FS-3 with `hint`. */
export function saveNamed(path: string, hint: string, write: (path: string) => void): void {
  try {
    // The folder must be there: a typing mistake should not make one.
    accessSync(dirname(path));
    write(path);
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
    const exit = error.code === "EACCES" ? EXIT.permission : EXIT.failed;
    throw new BobaError("BOBA-FS-3", exit, `${path} cannot be written (${String(error.code)})`, hint, error);
  }
}
