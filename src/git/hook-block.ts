/**
 * The marked block in a hook file. It stands right after the shebang: managers end their own files with `exec` or `exit`, and
 * husky's shim has no newline at its end, so whatever is appended either never runs or breaks the script.
 */
import type { HookEvent } from "../core/hooks.ts";
import { shellQuote } from "../core/text.ts";
import { asBytes } from "./hook-file.ts";

const START = "# >>> boba hooks >>>";
const END = "# <<< boba hooks <<<";
const BLOCK = /# >>> boba hooks >>>\r?\n(?:(?!# <<<)[^\n]*\n){0,8}?# <<< boba hooks <<<(?:\r?\n|$)/g;

/** What a hook file starts with when boba makes it. */
export const NEW_HOOK = "#!/bin/sh\n";

/**
 * The one line that calls the script: in a subshell, so that nothing in it can end or change the hook; stdin and the exit status
 * stay the hook's own; 3 is git's stderr, for the summary alone.
 */
export function callLine(event: HookEvent, script: string): string {
  return `( BOBA_HOOK=${event}; . ${script} ) </dev/null 3>&2 >/dev/null 2>&1 || :`;
}

/** The block of an event; `script` is the absolute path of the installed spool.sh. */
export function blockText(event: HookEvent, script: string): string {
  return asBytes(`${START}\n${callLine(event, shellQuote(script))}\n${END}\n`);
}

/** Puts the block after the shebang (or first), replacing one that is there. Null stands for a file that is to be made. */
export function insertBlock(text: string | null, block: string): string {
  if (text === null) return NEW_HOOK + block;
  const rest = cutBlock(text);
  if (!rest.startsWith("#!")) return block + rest;
  const end = rest.indexOf("\n") + 1;
  // A shebang alone, without a newline: the block takes over having none.
  if (end === 0) return `${rest}\n${block.slice(0, -1)}`;
  return rest.slice(0, end) + block + rest.slice(end);
}

/** The file without our block; the same text when there is none. */
export function cutBlock(text: string): string {
  let rest = text;
  for (const [block] of text.matchAll(BLOCK)) {
    const at = rest.indexOf(block);
    const before = rest.slice(0, at);
    // A block without a newline ends a file that had none: the newline before it is ours as well.
    rest = (block.endsWith("\n") ? before : before.replace(/\n$/, "")) + rest.slice(at + block.length);
  }
  return rest;
}

/** Whether any block of ours is in the file. */
export function hasBlock(text: string): boolean {
  return cutBlock(text) !== text;
}
