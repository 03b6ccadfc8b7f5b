/** Qwen Code: `projects/<slug>/chats/<session>.jsonl` below `~/.qwen`, subagents in `projects/<slug>/subagents/<session>/agent-<id>.jsonl`. */
import { join } from "node:path";
import type { SourceRecord } from "../core/record.ts";
import { fields, text } from "./fields.ts";
import { findFiles } from "./find-files.ts";
import { lineFields, NOT_JSON } from "./json-line.ts";
import { type LineState, readLines } from "./lines.ts";
import { qwenFiles, qwenRecord } from "./qwen-line.ts";
import { inner, listed } from "./roots.ts";
import type { Source, SourceContext } from "./source.ts";
import { readAside } from "./whole-file.ts";

export const qwen: Source = {
  id: "qwen",
  name: "Qwen Code",
  provider: "alibaba",
  discover: (context) =>
    findFiles(
      roots(context).map((root) => inner(root, "projects")),
      (name, depth) => depth > 1 && name.endsWith(".jsonl"),
      (name, depth) => depth !== 1 || name === "chats" || name === "subagents",
    ),
  read(file, from, sink) {
    /** The last response, which the calls on the lines after it belong to. */
    let last: SourceRecord | null = null;
    const state: LineState = {
      restore: (saved) => (last = JSON.parse(saved) as SourceRecord | null),
      save: () => JSON.stringify(last),
    };
    const otherwise = { sessionId: sessionFromPath(file.path), model: once(() => agentModel(file.path)) };
    return readLines(
      file,
      from,
      WORDS,
      (bytes, start, end) => {
        const line = lineFields(bytes, start, end);
        if (line === null) return NOT_JSON;
        const found = qwenRecord(line, otherwise);
        if (typeof found === "string") return found;
        if (found !== null) {
          sink.record(found);
          last = { ...found, files: [] };
        } else if (last !== null) {
          const files = qwenFiles(line);
          if (files.length > 0) sink.record({ ...last, files });
        }
        return null;
      },
      sink,
      state,
    );
  },
};

const WORDS = ['"usageMetadata"', '"functionCall"'];
const MAX_ID = 256;

/** QWEN_DATA_DIR lists folders that replace the agent's own, which QWEN_RUNTIME_DIR and QWEN_HOME move. */
function roots({ env, home, extraPaths }: SourceContext): string[] {
  const told = listed(env["QWEN_DATA_DIR"]);
  const own = env["QWEN_RUNTIME_DIR"] || env["QWEN_HOME"] || join(home, ".qwen");
  return [...(told.length > 0 ? told : [own]), ...extraPaths];
}

function sessionFromPath(path: string): string {
  const parts = path.split(/[\\/]/);
  const above = parts.lastIndexOf("subagents");
  return above > 0 && above < parts.length - 2 ? (parts[above + 1] as string) : (parts.at(-1) as string).replace(/\.jsonl$/, "");
}

/** What the file beside a subagent's log says its model is. */
function agentModel(path: string): string | null {
  const meta = fields(readAside(path.replace(/\.jsonl$/, ".meta.json")));
  return text(meta?.["model"], MAX_ID) ?? text(fields(meta?.["persistedCliFlags"])?.["model"], MAX_ID);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
