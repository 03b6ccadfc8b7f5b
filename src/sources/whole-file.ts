/** Logs that are one JSON document, written anew each time: read whole when they changed. */
import { readFileSync } from "node:fs";
import type { Position, Sink, SourceFile } from "./source.ts";

/** No agent writes larger documents on purpose; a larger one is counted and passed over. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Hands the parsed document to `take` and yields once. A document that is no JSON (it may be half written) is skipped as a whole. */
export function* readDocument(file: SourceFile, sink: Sink, take: (document: unknown) => void): Generator<Position> {
  sink.restart();
  if (file.size > MAX_BYTES) sink.skip(0, `larger than ${MAX_BYTES / 1024 / 1024} MiB`);
  else {
    const document = parse(readFileSync(file.path, "utf8"));
    if (document === undefined) sink.skip(0, "not JSON");
    else take(document);
  }
  yield { offset: 0, anchor: "" };
}

/** A small JSON file that tells of others (a map of folders, settings); null when it is missing, large or no JSON. */
export function readAside(path: string): unknown {
  try {
    const text = readFileSync(path, "utf8");
    return text.length > MAX_ASIDE_CHARS ? null : (parse(text) ?? null);
  } catch {
    // Missing or closed: what it would have said stays unknown.
    return null;
  }
}

const MAX_ASIDE_CHARS = 4_000_000;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, so it is not passed on.
    return undefined;
  }
}
