/** What Droid's conversation tells of a session: where it stands, when it last answered, which files it edited. Read only where it grew. */
import { statSync } from "node:fs";
import { hasCode } from "../platform/fs.ts";
import { type Fields, fields, text, timeMs } from "./fields.ts";
import { lineFields } from "./json-line.ts";
import { readLines } from "./lines.ts";
import type { Position, Sink } from "./source.ts";

const MAX_PATH = 4096;
const MAX_FILES = 200;
/** What is kept between runs is small; edits that do not fit in it are given up. */
const MAX_PENDING_CHARS = 32_000;
const EDITING_TOOLS = new Set(["Create", "Edit", "MultiEdit", "Write", "ApplyPatch"]);
const WORDS: readonly string[] = ['"assistant"', '"session_start"'];
/** Names a file in a patch. */
const PATCHED_FILE = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$/gm;

export class DroidLog {
  cwd: string | null = null;
  /** Time of the last answer, Unix milliseconds; null when the log has none. */
  lastMs: number | null = null;
  readonly #path: string;
  #position: Position | null = null;
  /** The counters that the last edits were handed out for. */
  #counters = "";
  #edits = new Set<string>();

  /** `known` is what `anchor` gave the last time. */
  constructor(path: string, known: unknown) {
    this.#path = path;
    const kept = fields(known);
    const position = fields(kept?.["position"]);
    if (kept === null || position === null) return;
    if (typeof position["offset"] !== "number" || typeof position["anchor"] !== "string") return;
    this.#position = { offset: position["offset"], anchor: position["anchor"] };
    this.cwd = text(kept["cwd"], MAX_PATH);
    this.lastMs = typeof kept["lastMs"] === "number" ? kept["lastMs"] : null;
    this.#counters = typeof kept["counters"] === "string" ? kept["counters"] : "";
    if (Array.isArray(kept["edits"])) this.#edits = new Set(kept["edits"].filter((edit) => typeof edit === "string"));
  }

  /** Reads on from where the last run stopped. A log that is missing or closed tells nothing. */
  read(): void {
    try {
      const at = statSync(this.#path);
      const file = { path: this.#path, size: at.size, mtimeMs: at.mtimeMs, inode: at.ino, birthtimeMs: at.birthtimeMs };
      const take = (bytes: Buffer, start: number, end: number) => {
        this.#take(lineFields(bytes, start, end));
        return null;
      };
      for (const position of readLines(file, this.#position, WORDS, take, IGNORED)) this.#position = position;
    } catch (error) {
      if (!hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "EPERM", "EISDIR")) throw error;
    }
  }

  /** The files edited since other counters than these were asked for: what was edited while nothing was counted waits for the next count. */
  editsFor(counters: string): string[] {
    if (counters === this.#counters) return [];
    this.#counters = counters;
    const edits = [...this.#edits];
    this.#edits.clear();
    return edits;
  }

  /** What the next run is to know. */
  anchor(): string {
    let room = MAX_PENDING_CHARS;
    const edits = [...this.#edits].filter((path) => (room -= path.length) > 0);
    return JSON.stringify({ position: this.#position, cwd: this.cwd, lastMs: this.lastMs, counters: this.#counters, edits });
  }

  #take(line: Fields | null): void {
    if (line === null) return;
    if (line["type"] === "session_start") this.cwd = text(line["cwd"], MAX_PATH) ?? this.cwd;
    const message = line["type"] === "message" ? fields(line["message"]) : null;
    if (message === null || message["role"] !== "assistant") return;
    const atMs = timeMs(line["timestamp"]);
    if (atMs !== null) this.lastMs = Math.max(this.lastMs ?? 0, atMs);
    for (const path of editedFiles(message["content"])) if (this.#edits.size < MAX_FILES) this.#edits.add(path);
  }
}

/** Lines that cannot be read are no loss of usage. */
const IGNORED: Sink = { record: () => {}, total: () => {}, skip: () => {}, restart: () => {} };

function editedFiles(content: unknown): string[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((item) => {
    const block = fields(item);
    if (block === null || block["type"] !== "tool_use" || !EDITING_TOOLS.has(block["name"] as string)) return [];
    const input = fields(block["input"]);
    const patch = input?.["input"];
    const patched = typeof patch === "string" ? [...patch.matchAll(PATCHED_FILE)].map((match) => match[1]?.trim()) : [];
    return [input?.["file_path"], ...patched].flatMap((path) => text(path, MAX_PATH) ?? []);
  });
}
