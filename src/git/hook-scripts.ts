/** The two files git is pointed to: the baked `spool.sh` and the `gitconfig` that git 2.54 and later include. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type HookEvent, hookEvents, type HookMode } from "../core/hooks.ts";
import { shellQuote } from "../core/text.ts";
import { NODE_PATH, PACKAGE_ROOT, type Paths } from "../platform/paths.ts";
import { peekBytes, readBytes, replaceFile } from "./hook-file.ts";

export function scriptPath(paths: Paths): string {
  return join(paths.gitHooks, "spool.sh");
}

export function includePath(paths: Paths): string {
  return join(paths.gitHooks, "gitconfig");
}

/** The template with everything a hook must not look up by itself written at its top. */
export function bakedScript(paths: Paths, mode: HookMode): string {
  const template = readFileSync(join(PACKAGE_ROOT, "hooks", "spool.sh"), "utf8");
  const header = {
    boba_spool: paths.spool,
    boba_mode: mode,
    boba_node: NODE_PATH,
    boba_program: join(PACKAGE_ROOT, "dist", "main.js"),
    boba_home: paths.home,
  };
  const lines = Object.entries(header).map(([name, value]) => `${name}=${shellQuote(value)}\n`);
  return `# Written by boba hooks install; changes here are lost.\n${lines.join("")}${template}`;
}

/**
 * One section an event, command and event in one file: an `.event` without its `.command` stops every git command that runs
 * hooks. git appends the hook's arguments to the last simple command, hence the function. The trap turns whatever goes wrong
 * into status 0.
 */
export function includeText(script: string, share: boolean): string {
  return hookEvents(share)
    .map((event) => section(event, shellQuote(script)))
    .join("");
}

function section(event: HookEvent, script: string): string {
  const command = `f(){ [ -f ${script} ] && [ -r ${script} ] || return 0; trap 'exit 0' 0; BOBA_HOOK=${event}; . ${script}; return 0; } 3>&2 2>/dev/null; f`;
  const value = command.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return `[hook "boba-${event}"]\n\tcommand = "${value}"\n\tevent = ${event}\n`;
}

/** Writes both files where they differ from what they should be. `share`: whether some clone shares. Returns the paths written. */
export function writeScripts(paths: Paths, mode: HookMode, share: boolean): string[] {
  const script = scriptPath(paths);
  const wanted: [string, string][] = [
    [script, bakedScript(paths, mode)],
    [includePath(paths), includeText(script, share)],
  ];
  return wanted.flatMap(([path, text]) => (writeIfOther(path, text) ? [path] : []));
}

/** Writes the include file alone: for when the last clone that shared is gone. */
export function writeInclude(paths: Paths, share: boolean): void {
  writeIfOther(includePath(paths), includeText(scriptPath(paths), share));
}

function writeIfOther(path: string, text: string): boolean {
  const bytes = Buffer.from(text, "utf8").toString("latin1");
  if (readBytes(path) === bytes) return false;
  replaceFile(path, bytes, 0o644);
  return true;
}

/**
 * Whether the installed script must be written again: it is gone, was baked by an older version of this very program, for another
 * mode, or calls a program or a Node.js that is gone. One baked by another boba that still works is left alone.
 */
export function isScriptStale(paths: Paths, mode: HookMode, share: boolean): boolean {
  const installed = peekBytes(scriptPath(paths));
  const include = peekBytes(includePath(paths));
  if (installed === null || include === null || (share && !include.includes('[hook "boba-pre-push"]'))) return true;
  const text = Buffer.from(installed, "latin1").toString("utf8");
  const wanted = bakedScript(paths, mode);
  if (text === wanted) return false;
  const called = (script: string) => ["boba_node", "boba_program"].map((name) => bakedWord(script, name));
  const now = called(text);
  if (now.join("\0") === called(wanted).join("\0")) return true;
  return bakedWord(text, "boba_mode") !== mode || now.some((path) => !existsSync(path));
}

function bakedWord(script: string, name: string): string {
  const quoted = new RegExp(`^${name}='(.*)'$`, "m").exec(script)?.[1] ?? "";
  return quoted.replaceAll("'\\''", "'");
}
