/** The text of a git note: one cell a line, as JSON with keys in a fixed order. Whatever is read back is treated as hostile. */
import type { Cell } from "./cell.ts";

/** Bounds on what a reader takes in; a writer stays within them. */
export const NOTE_LIMITS = { noteBytes: 1024 * 1024, lines: 10_000, lineBytes: 64 * 1024, text: 500, integer: 1e15 } as const;

/** Why a line (or, for `note-too-large`, a whole note) was not taken. */
export type BadLine = "note-too-large" | "too-many-lines" | "line-too-long" | "not-json" | "not-a-cell" | "bad-number" | "bad-text";

export interface ParsedNote {
  cells: Cell[];
  /** Lines of a later format, kept as they are so that rewriting a note does not lose them. */
  newer: string[];
  bad: Partial<Record<BadLine, number>>;
}

/** Control characters, line separators that JSON lets through, and halves of surrogate pairs. */
const UNFIT = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
const ID = /^[0-9a-f]{16}$/;

/** One cell as its line, without the newline. Names that a reader would refuse are cleaned and cut. */
export function serialiseCell(cell: Cell): string {
  return JSON.stringify({
    v: 1,
    id: cell.id,
    tool: fit(cell.tool),
    model: fit(cell.model),
    branch: cell.branch === null ? null : fit(cell.branch),
    requests: cell.requests,
    input: cell.input,
    output: cell.output,
    cache_read: cell.cacheRead,
    cache_write: cell.cacheWrite,
    nano_usd: cell.nanoUsd,
    ...(cell.unpriced > 0 ? { unpriced: cell.unpriced } : {}),
    from: cell.fromS,
    to: cell.toS,
  });
}

/**
 * A whole note: cells in the order of their ids, then lines of a later format. The same cells always give the same bytes.
 * `leftOut` counts cells beyond what a reader would take: the smallest go first.
 */
export function serialiseNote(cells: readonly Cell[], newer: readonly string[] = []): { text: string; leftOut: number } {
  const lines = [...newer];
  let bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  const kept: Cell[] = [];
  for (const cell of cells.toSorted((a, b) => b.requests - a.requests || compare(a.id, b.id))) {
    bytes += Buffer.byteLength(serialiseCell(cell)) + 1;
    if (bytes > NOTE_LIMITS.noteBytes || kept.length + lines.length >= NOTE_LIMITS.lines) break;
    kept.push(cell);
  }
  const own = kept.toSorted((a, b) => compare(a.id, b.id)).map(serialiseCell);
  return { text: [...own, ...lines, ""].join("\n"), leftOut: cells.length - kept.length };
}

/** Reads a note line by line. Never throws: what cannot be taken is counted with its reason. */
export function parseNote(bytes: Buffer): ParsedNote {
  const parsed: ParsedNote = { cells: [], newer: [], bad: {} };
  if (bytes.length > NOTE_LIMITS.noteBytes) {
    parsed.bad["note-too-large"] = 1;
    return parsed;
  }
  let taken = 0;
  for (const line of bytes.toString("utf8").split("\n")) {
    if (line.trim() === "") continue;
    const result = ++taken > NOTE_LIMITS.lines ? "too-many-lines" : parseLine(line);
    if (result === "newer") parsed.newer.push(line);
    else if (typeof result === "string") parsed.bad[result] = (parsed.bad[result] ?? 0) + 1;
    else parsed.cells.push(result);
  }
  return parsed;
}

function parseLine(line: string): Cell | BadLine | "newer" {
  if (Buffer.byteLength(line) > NOTE_LIMITS.lineBytes) return "line-too-long";
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Not JSON: counted, which is all there is to say about it.
    return "not-json";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "not-a-cell";
  const row = value as Record<string, unknown>;
  if (isCount(row["v"]) && row["v"] > 1) return "newer";
  if (row["v"] !== 1 || typeof row["id"] !== "string" || !ID.test(row["id"])) return "not-a-cell";
  const { tool, model, branch } = row;
  if (!isText(tool) || !isText(model) || !(branch === null || isText(branch))) return "bad-text";
  const { requests, input, output, cache_read: cacheRead, cache_write: cacheWrite, nano_usd: nanoUsd, from: fromS, to: toS } = row;
  if (!isCount(requests) || !isCount(input) || !isCount(output) || !isCount(cacheRead) || !isCount(cacheWrite)) return "bad-number";
  if (!(nanoUsd === null || isCount(nanoUsd)) || !isCount(fromS) || !isCount(toS)) return "bad-number";
  const unpriced = row["unpriced"] ?? (nanoUsd === null ? requests : 0);
  if (!isCount(unpriced) || unpriced > requests) return "bad-number";
  return { id: row["id"], tool, model, branch, requests, input, output, cacheRead, cacheWrite, nanoUsd, unpriced, fromS, toS };
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= NOTE_LIMITS.integer;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= NOTE_LIMITS.text && !UNFIT.test(value);
}

function fit(text: string): string {
  const cut = text.length > NOTE_LIMITS.text ? text.slice(0, NOTE_LIMITS.text) : text;
  return UNFIT.test(cut) ? cut.replace(new RegExp(UNFIT, "gu"), "\ufffd") : cut;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
