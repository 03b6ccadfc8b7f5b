/** Which words after `boba run` are boba's own, and which are the agent's. Pure. */
import { BobaError, EXIT } from "./errors.ts";

export interface RunWords {
  profile: string | null;
  tool: string;
  args: string[];
}

/**
 * `[--profile P] <tool> [--profile P] [--] [args...]`: boba's option stands before the tool or right behind it; from the first word on that is none
 * of boba's, or from `--`, everything is the agent's. @throws BobaError BOBA-USE-68 without a tool, or for another option before it.
 */
export function runWords(words: readonly string[]): RunWords {
  let profile: string | null = null;
  let tool: string | null = null;
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] as string;
    const inline = /^--profile=(.*)$/s.exec(word)?.[1];
    if (inline !== undefined) profile = inline;
    else if (word === "--profile" || (word === "-p" && tool === null))
      profile = words[++at] ?? fail("--profile takes the name of a profile");
    else if (word === "--") {
      if (tool !== null) return { profile, tool, args: words.slice(at + 1) };
    } else if (tool !== null) break;
    else if (word.startsWith("-")) fail(`${word.slice(0, 40)} is no option of boba run`);
    else tool = word;
  }
  return { profile, tool: tool ?? fail("there is nothing to run"), args: words.slice(at) };
}

function fail(what: string): never {
  throw new BobaError(
    "BOBA-USE-68",
    EXIT.usage,
    what,
    "e.g. boba run claude, boba run --profile work codex exec, boba run claude -- --help",
  );
}
