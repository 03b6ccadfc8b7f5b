/** Gemini CLI: `tmp/<slug>/chats/session-*.jsonl` (older: one `.json`) below `~/.gemini`, subagents in `chats/<parent>/<id>.jsonl`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findFiles } from "./find-files.ts";
import { GeminiChat } from "./gemini-chat.ts";
import { lineFields } from "./json-line.ts";
import { readLines } from "./lines.ts";
import { inner, listed } from "./roots.ts";
import type { Discovery, Source, SourceContext } from "./source.ts";
import { readDocument } from "./whole-file.ts";

export const gemini: Source = {
  id: "gemini",
  name: "Gemini CLI",
  provider: "google",
  discover,
  read(file, from, sink, all) {
    const chat = new GeminiChat(file, sink, all);
    if (!file.path.endsWith(".jsonl")) return readDocument(file, sink, (document) => chat.document(document));
    return readLines(file, from, WORDS, (bytes, start, end) => chat.line(lineFields(bytes, start, end)), sink, chat);
  },
};

/** A message with its tokens; the line that names the session and its project; the two ends of a printed run. */
const WORDS = ['"tokens"', '"projectHash"', '"session_id"', '"stats"'];

/**
 * GEMINI_DATA_DIR lists folders that replace `~/.gemini`; the CLI itself knows GEMINI_CLI_HOME, the folder that holds `.gemini`. A folder that
 * the user added is a copy of `.gemini`, or any folder of chats or of what headless runs printed.
 */
function discover({ env, home, extraPaths }: SourceContext): Discovery {
  const told = listed(env["GEMINI_DATA_DIR"]);
  const roots = told.length > 0 ? told : [join(env["GEMINI_CLI_HOME"] || home, ".gemini")];
  const copies = extraPaths.filter((path) => existsSync(inner(path, "tmp")));
  // Below `tmp` lie also the outputs of tools and every prompt that was typed: only `<slug>/chats` is looked at.
  const isChat = (name: string, depth: number) => depth > 1 && isLog(name);
  const found = findFiles(
    [...roots, ...copies].map((root) => inner(root, "tmp")),
    isChat,
    (name, depth) => depth !== 1 || name === "chats",
  );
  const others = extraPaths.filter((path) => !copies.includes(path));
  if (others.length === 0) return found;
  const seen = new Set(found.files.map(({ path }) => path));
  const more = findFiles(others, isLog);
  return {
    files: [...found.files, ...more.files.filter(({ path }) => !seen.has(path))],
    unreadable: [...found.unreadable, ...more.unreadable],
  };
}

function isLog(name: string): boolean {
  return name.endsWith(".jsonl") || name.endsWith(".json");
}
