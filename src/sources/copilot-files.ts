/** Which files a Copilot response asked to edit. */
import { type Fields, fields, text } from "./fields.ts";
import { eachFields } from "./json-line.ts";

const MAX_PATH = 4096;
const MAX_FILES = 200;
const NONE: readonly string[] = [];
/** A patch names its files in lines of its own. */
const PATCHED = /^\*\*\* (?:Add File|Update File|Delete File|Move to): (.+)$/gm;

/** `requests` are the tool requests of a message; only paths are taken from them. */
export function copilotFiles(requests: unknown): readonly string[] {
  let files: Set<string> | null = null;
  const add = (path: string | null) => {
    if (path !== null && (files ??= new Set()).size < MAX_FILES) files.add(path);
  };
  eachFields(requests, (request) => {
    const told = fields(request["arguments"]);
    switch (request["name"]) {
      case "edit":
      case "create":
        return add(text(told?.["path"], MAX_PATH));
      case "str_replace_editor":
        return told?.["command"] === "view" ? undefined : add(text(told?.["path"], MAX_PATH));
      case "apply_patch":
        for (const path of patched(request["arguments"], told)) add(path);
        return undefined;
      default:
        return undefined;
    }
  });
  return files === null ? NONE : [...(files as Set<string>)];
}

/** The patch is the argument itself or a field of it. */
function* patched(raw: unknown, told: Fields | null): Generator<string | null> {
  const patch = [raw, told?.["patch"], told?.["input"]].find((value) => typeof value === "string");
  if (typeof patch !== "string") return;
  for (const [, path] of patch.matchAll(PATCHED)) yield text(path?.trim(), MAX_PATH);
}
