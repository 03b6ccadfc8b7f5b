/** Reads one Gemini CLI chat, or what a headless run printed, line by line or as a whole. */
import { type Fields, fields, text, timeMs } from "./fields.ts";
import { geminiRecord, type GeminiSession } from "./gemini-line.ts";
import { projectFolder, projectRoot } from "./gemini-projects.ts";
import { printedModels, runRecords } from "./gemini-stats.ts";
import { eachFields, NOT_JSON } from "./json-line.ts";
import type { LineState } from "./lines.ts";
import type { Sink, SourceFile } from "./source.ts";

const MAX_ID = 256;

/** One file while it is read, and what must be remembered of its first lines. */
export class GeminiChat implements LineState {
  private readonly file: SourceFile;
  private readonly sink: Sink;
  private readonly all: readonly SourceFile[];
  private chatId: string | null = null;
  private projectHash: string | null = null;
  /** Of a printed run, as its first line says. */
  private model: string | null = null;
  private session: GeminiSession | null = null;

  constructor(file: SourceFile, sink: Sink, all: readonly SourceFile[]) {
    this.file = file;
    this.sink = sink;
    this.all = all;
  }

  restore(saved: string): void {
    const [chatId = null, projectHash = null, model = null] = JSON.parse(saved) as (string | null)[];
    this.begin(chatId, projectHash);
    this.model = model;
  }

  save(): string {
    return JSON.stringify([this.chatId, this.projectHash, this.model]);
  }

  line(line: Fields | null): string | null {
    if (line === null) return NOT_JSON;
    if (typeof line["projectHash"] === "string") this.begin(text(line["sessionId"], MAX_ID), text(line["projectHash"], MAX_ID));
    if (line["type"] === "init") {
      this.begin(text(line["session_id"], MAX_ID), null);
      this.model = text(line["model"], MAX_ID);
    }
    if (line["type"] === "result") return this.printed(line, timeMs(line["timestamp"]));
    // A checkpoint repeats messages; `$rewindTo` takes turns out of the talk, which were paid for all the same.
    return this.messages(fields(line["$set"])?.["messages"]) ?? this.message(line);
  }

  document(value: unknown): void {
    const document = fields(value);
    if (document === null) return;
    this.begin(text(document["sessionId"] ?? document["session_id"], MAX_ID), text(document["projectHash"], MAX_ID));
    const reason = this.messages(document["messages"]) ?? this.printed(document, this.file.mtimeMs);
    if (reason !== null) this.sink.skip(0, reason);
  }

  private begin(chatId: string | null, projectHash: string | null): void {
    this.chatId = chatId ?? this.chatId;
    this.projectHash = projectHash ?? this.projectHash;
    this.session = null;
  }

  private message(message: Fields): string | null {
    const found = geminiRecord(message, (this.session ??= this.place()));
    if (typeof found === "string") return found;
    if (found !== null) this.sink.record(found);
    return null;
  }

  /** The last reason why one of them is unreadable. */
  private messages(list: unknown): string | null {
    let reason: string | null = null;
    eachFields(list, (message) => (reason = this.message(message) ?? reason));
    return reason;
  }

  private printed(document: Fields, atMs: number | null): string | null {
    const models = printedModels(document, this.model);
    if (models === null || this.isRecorded()) return null;
    if (atMs === null) return "no valid time";
    let reason: string | null = null;
    for (const found of runRecords(models, { sessionId: this.chatId, atMs })) {
      if (typeof found === "string") reason = found;
      else this.sink.record(found);
    }
    return reason;
  }

  /** A headless run also keeps its chat, response by response, in a file named by the session's first eight characters. */
  private isRecorded(): boolean {
    if (this.chatId === null) return false;
    const end = `-${this.chatId.slice(0, 8)}.json`;
    return this.all.some(({ path }) => /(?:^|[\\/])session-[^\\/]*$/.test(path) && path.includes(end));
  }

  private place(): GeminiSession {
    const { path } = this.file;
    const folder = projectFolder(path);
    const below = folder === null ? [] : path.slice(folder.length + 1).split(/[\\/]/);
    const name = (path.split(/[\\/]/).at(-1) as string).replace(/\.jsonl?$/, "");
    const chatId = this.chatId ?? name;
    // `chats/<parent>/<id>.jsonl`: a subagent's.
    const sessionId = below.length === 3 ? (below[1] as string) : chatId;
    return { chatId, sessionId, cwd: projectRoot(folder, this.projectHash, this.all) };
  }
}
