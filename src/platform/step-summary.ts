/** The file that a pipeline's step shows as its summary. */
import { appendFileSync, statSync } from "node:fs";

/** GitHub drops a step's summary whole when it is larger. */
const SUMMARY_BYTES = 1024 * 1024;

/** Appends to the step summary. Returns what went wrong in one line, or null. */
export function appendSummary(path: string, markdown: string): string | null {
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const text = `${markdown.trimEnd()}\n`;
    if (size + Buffer.byteLength(text) > SUMMARY_BYTES) return "the step summary is full: nothing was added to it";
    appendFileSync(path, text);
    return null;
  } catch (error) {
    return `the step summary could not be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}
