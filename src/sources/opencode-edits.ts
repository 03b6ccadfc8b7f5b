/** Which files the answers of opencode edited: paths alone leave the database or the document. */
import type { Db } from "../platform/sqlite.ts";
import { columnsOf } from "./database.ts";
import { fields, text } from "./fields.ts";

const MAX_PATH = 4096;
const MAX_FILES = 200;
/** Name the file they write in their input; `apply_patch` names files in what it reports. */
const EDITING_TOOLS: readonly string[] = ["edit", "write", "multiedit", "patch"];
const PATCHING_TOOL = "apply_patch";

type Files = ReadonlyMap<string, readonly string[]>;

interface EditRow {
  message: unknown;
  path: unknown;
}

const NAMES = EDITING_TOOLS.map((name) => `'${name}'`).join(", ");
/** What is no tool's part becomes an empty document, so that nothing else is looked into. */
const TOOL_PART = `CASE WHEN instr(data, 'filePath') > 0 AND json_valid(data) THEN data ELSE '{}' END`;
const valueAt = (path: string, of = "part") => `json_extract(${of}, '${path}')`;
const WORKED = `coalesce(${valueAt("$.state.status")}, '') <> 'error'`;

/** For the table `part`. */
export function filesOfMessages(db: Db): (ids: readonly string[]) => Files {
  const columns = columnsOf(db, "part");
  if (!columns.has("message_id") || !columns.has("data")) return () => new Map();
  const find = db.prepare<[string], EditRow>(
    `SELECT message, ${valueAt("$.state.input.filePath")} AS path
     FROM (SELECT message_id AS message, ${TOOL_PART} AS part FROM part WHERE message_id IN (SELECT value FROM json_each(?)))
     WHERE ${valueAt("$.type")} = 'tool' AND ${valueAt("$.tool")} IN (${NAMES}) AND ${WORKED}`,
  );
  const findPatched = db.prepare<[string], EditRow>(
    `SELECT message, coalesce(${valueAt("$.movePath", "file.value")}, ${valueAt("$.filePath", "file.value")}) AS path
     FROM (SELECT message_id AS message, ${TOOL_PART} AS part FROM part WHERE message_id IN (SELECT value FROM json_each(?))) AS parts,
       json_each(parts.part, '$.state.metadata.files') AS file
     WHERE ${valueAt("$.tool")} = '${PATCHING_TOOL}' AND ${WORKED} AND file.type = 'object'`,
  );
  return (ids) => collected([...find.all(JSON.stringify(ids)), ...findPatched.all(JSON.stringify(ids))]);
}

/** For `session_message`, whose answers hold their parts. */
export function filesOfMessagesV2(db: Db): (ids: readonly string[]) => Files {
  const find = db.prepare<[string], EditRow>(
    `SELECT id AS message, coalesce(${valueAt("$.state.input.filePath")}, ${valueAt("$.state.input.path")}) AS path
     FROM (SELECT session_message.id AS id, content.value AS part FROM session_message,
         json_each(CASE WHEN json_valid(data) THEN data ELSE '{}' END, '$.content') AS content
       WHERE session_message.id IN (SELECT value FROM json_each(?)) AND content.type = 'object')
     WHERE ${valueAt("$.type")} = 'tool' AND ${valueAt("$.name")} IN (${NAMES}) AND ${WORKED}`,
  );
  return (ids) => collected(find.all(JSON.stringify(ids)));
}

function collected(rows: readonly EditRow[]): Files {
  const files = new Map<string, string[]>();
  for (const { message, path } of rows) {
    const kept = text(path, MAX_PATH);
    if (typeof message !== "string" || kept === null) continue;
    const known = files.get(message);
    if (known === undefined) files.set(message, [kept]);
    else if (known.length < MAX_FILES && !known.includes(kept)) known.push(kept);
  }
  return files;
}

/** For parts that are documents. */
export function filesOfParts(parts: readonly unknown[]): string[] {
  const found = new Set<string>();
  for (const document of parts) {
    const part = fields(document);
    const state = fields(part?.["state"]);
    if (part === null || state === null || part["type"] !== "tool" || state["status"] === "error") continue;
    const changed = fields(state["metadata"])?.["files"];
    const paths = EDITING_TOOLS.includes(part["tool"] as string)
      ? [fields(state["input"])?.["filePath"]]
      : part["tool"] === PATCHING_TOOL && Array.isArray(changed)
        ? changed.map((file) => fields(file)?.["movePath"] ?? fields(file)?.["filePath"])
        : [];
    for (const path of paths) {
      const kept = text(path, MAX_PATH);
      if (kept !== null && found.size < MAX_FILES) found.add(kept);
    }
  }
  return [...found];
}
