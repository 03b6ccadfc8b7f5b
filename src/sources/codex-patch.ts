/** Which files a patch touches: Codex edits through `apply_patch`, called as a tool of its own or from a shell. */
import { type Fields, fields, text } from "./fields.ts";

const MAX_PATH = 4096;
const MAX_FILES = 200;
/** All of them together must fit where the reader's state is kept between two runs. */
const MAX_FILES_CHARS = 8192;
const BEGIN = "*** Begin Patch";
/** Only these lines of a patch are looked at; the others are content. */
const NAMED = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$/gm;
/** Kinds of lines that call a tool. */
export const CALLS: ReadonlySet<string> = new Set(["function_call", "custom_tool_call", "local_shell_call"]);

/** The files named by the patch in a tool call, as logged; none when the call applies no patch. */
export function patchedFiles(call: Fields): readonly string[] {
  if (!CALLS.has(call["type"] as string)) return [];
  const isPatch = call["name"] === "apply_patch";
  const found = new Set<string>();
  for (const { program, folder } of [...commands(call["input"]), ...commands(call["arguments"]), ...commands(call["action"])]) {
    if (!isPatch && !program.includes("apply_patch")) continue;
    for (const path of named(program)) found.add(folder === null || isAbsolute(path) ? path : `${folder}/${path}`);
  }
  return [...found];
}

/** Adds what fits to the files that are known. */
export function addFiles(known: readonly string[], more: readonly string[]): string[] {
  const files = new Set(known);
  let chars = known.reduce((sum, path) => sum + path.length, 0);
  for (const path of more) {
    if (files.has(path) || files.size >= MAX_FILES || chars + path.length > MAX_FILES_CHARS) continue;
    files.add(path);
    chars += path.length;
  }
  return [...files];
}

interface Command {
  program: string;
  /** What the paths in it are relative to, if not to the session's folder. */
  folder: string | null;
}

/** Arguments are JSON in a string, or in newer versions a program or the patch itself; a command is a string or its words, of which one is the patch. */
function commands(value: unknown): Command[] {
  if (typeof value === "string") {
    const inner = value.trimStart().startsWith("{") ? parse(value) : null;
    return inner === null ? [{ program: value, folder: folderIn(value) }] : commands(inner);
  }
  if (Array.isArray(value)) return commandOf(value.filter((word) => typeof word === "string"));
  const holder = fields(value);
  if (holder === null) return [];
  const workdir = text(holder["workdir"], MAX_PATH) ?? text(holder["working_directory"], MAX_PATH);
  return ["command", "cmd", "input", "patch"]
    .flatMap((name) => commands(holder[name]))
    .map((command) => ({ program: command.program, folder: joined(workdir, command.folder) }));
}

function commandOf(words: readonly string[]): Command[] {
  return [{ program: words.join("\n"), folder: words.map(folderIn).find((folder) => folder !== null) ?? null }];
}

/** `cd folder && apply_patch ...`: the one way to change folders that Codex itself recognises before a patch. */
function folderIn(command: string): string | null {
  const found = /^\s*cd\s+(?:"([^"\n]+)"|'([^'\n]+)'|([^\s;&|]+))\s*&&\s*apply_patch/.exec(command);
  return found === null ? null : (found[1] ?? found[2] ?? found[3] ?? null);
}

function joined(workdir: string | null, folder: string | null): string | null {
  return workdir === null || folder === null || isAbsolute(folder) ? (folder ?? workdir) : `${workdir}/${folder}`;
}

function isAbsolute(path: string): boolean {
  return /^(?:[\\/]|[A-Za-z]:[\\/])/.test(path);
}

function parse(json: string): Fields | null {
  try {
    return fields(JSON.parse(json));
  } catch {
    // No JSON: then it is the command itself.
    return null;
  }
}

function named(program: string): string[] {
  const at = program.indexOf(BEGIN);
  if (at < 0) return [];
  const patch = program.slice(at);
  // Inside another language's string literal, line ends and backslashes are written with one more backslash.
  const plain = patch.startsWith(`${BEGIN}\\n`) ? patch.replace(/\\([\\n"'])/g, (_, char: string) => (char === "n" ? "\n" : char)) : patch;
  return [...plain.matchAll(NAMED)].flatMap(([, path]) => {
    const trimmed = (path as string).trim();
    return trimmed === "" || trimmed.length > MAX_PATH ? [] : [trimmed];
  });
}
