/** `boba import --file`: usage that any tool wrote, in the open format of docs/usage-format.md. */
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { BobaError, EXIT } from "../core/errors.ts";
import { type ImportSummary, MAX_UNPRICED_TOLD } from "../core/import-summary.ts";
import type { Pricer } from "../core/price.ts";
import { usageRecord } from "../sources/usage-line.ts";
import { openLedger } from "../store/open.ts";
import { unpricedModels } from "../store/unpriced.ts";
import type { App } from "./app.ts";
import { Batch } from "./batch.ts";
import { loadPricer } from "./prices.ts";
import { openPlacer } from "./places.ts";
import { refresh } from "./refresh.ts";
import { storeParcel } from "./store-parcel.ts";

/** What the position of each file is stored under for sources; an import has none, since ids alone tell what is known. */
const KIND = "import";
const MAX_LINE_CHARS = 1024 * 1024;
const MAX_LISTED = 20;

/**
 * Stores every record of `path` (`-`: of `stdin`) that is not known yet, then books them to commits. Bad lines are counted and named, the
 * good ones stored. @throws BobaError BOBA-FS-2 when the file cannot be read.
 */
export async function importFile(app: App, path: string, stdin: () => Readable): Promise<ImportSummary> {
  const name = path === "-" ? "standard input" : path;
  const db = openLedger(app.paths.db);
  const placer = openPlacer(db, app.env);
  const batch = new Batch();
  const result = { newRecords: 0, grownRecords: 0, files: 1, filesRead: 1, bytesRead: 0, skippedLines: 0, skippedFiles: 0, errors: [] };
  const skipped: { path: string; line: number; reason: string }[] = [];
  let price: Pricer | null = null;
  const prices = async () => (price ??= await loadPricer(app));
  const flush = async () => {
    const stored = await storeParcel(db, KIND, placer, prices, batch.take());
    result.newRecords += stored.newRecords;
    result.grownRecords += stored.grownRecords;
    app.progress(`${name}: ${Math.round(result.bytesRead / 1024 / 1024)} MiB`);
  };
  try {
    let line = 0;
    const stream = path === "-" ? stdin() : createReadStream(resolve(app.cwd, path));
    for await (const text of linesOf(named(stream, name, result))) {
      line++;
      if (text !== null && text.trim() === "") continue;
      const found = text === null ? `longer than ${MAX_LINE_CHARS} characters` : usageRecord(text);
      if (typeof found === "string") {
        result.skippedLines++;
        if (skipped.length < MAX_LISTED) skipped.push({ path: name, line, reason: found });
      } else batch.add(found);
      if (batch.isFull) await flush();
    }
    await flush();
    await refresh(app, db, { sources: [] });
    return { ...result, skipped, unpricedModels: unpricedModels(db, null).slice(0, MAX_UNPRICED_TOLD) };
  } finally {
    app.progress(null);
    db.close();
  }
}

function unreadable(name: string, error: unknown): BobaError {
  const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  const exit = reason === "EACCES" ? EXIT.permission : EXIT.usage;
  return new BobaError(
    "BOBA-FS-2",
    exit,
    `${name} cannot be read (${reason})`,
    "name a file of usage lines, or - for standard input",
    error,
  );
}

/** The chunks of a stream, counted; what fails is said in the user's words. */
async function* named(stream: Readable, name: string, result: { bytesRead: number }): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      result.bytesRead += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** The lines of a stream in bounded memory; null stands for one that is too long. */
async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string | null> {
  let held = "";
  let tooLong = false;
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const parts = `${held}${decoder.decode(chunk, { stream: true })}`.split("\n");
    held = parts.pop() as string;
    for (const part of parts) {
      yield tooLong || part.length > MAX_LINE_CHARS ? null : part;
      tooLong = false;
    }
    if (held.length > MAX_LINE_CHARS) {
      tooLong = true;
      held = "";
    }
  }
  if (held !== "" || tooLong) yield tooLong ? null : held;
}
