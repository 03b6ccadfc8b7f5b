/** Asks for something that must not be seen: no echo on a terminal; from a pipe, its first line. */
import type { Readable, Writable } from "node:stream";
import { onSignals } from "./self.ts";

/** A terminal's input, which can be told not to show what is typed. */
interface Terminal extends Readable {
  isTTY: true;
  setRawMode(on: boolean): unknown;
}

const MAX_CHARS = 64 * 1024;
const ENTER = /[\r\n\u0004]/;

/** What was typed or piped, without the end of its line. Null: cancelled (Ctrl-C). */
export async function readHidden(input: Readable, screen: Writable, question: string): Promise<string | null> {
  return isTerminal(input) ? fromTerminal(input, screen, question) : fromPipe(input);
}

export function isTerminal(input: Readable): input is Terminal {
  return "isTTY" in input && input.isTTY === true && "setRawMode" in input && typeof input.setRawMode === "function";
}

async function fromPipe(input: Readable): Promise<string> {
  let text = "";
  input.setEncoding("utf8");
  for await (const chunk of input as AsyncIterable<string>) {
    text += chunk;
    if (text.includes("\n") || text.length > MAX_CHARS) break;
  }
  return (text.split(/\r?\n/, 1)[0] as string).slice(0, MAX_CHARS);
}

function fromTerminal(input: Terminal, screen: Writable, question: string): Promise<string | null> {
  input.setRawMode(true);
  input.setEncoding("utf8");
  // Whoever sees the question can type unseen already.
  screen.write(question);
  return new Promise((resolve) => {
    let typed = "";
    const finish = (result: string | null) => {
      input.off("data", take);
      input.pause();
      input.setRawMode(false);
      release();
      screen.write("\n");
      resolve(result);
    };
    const take = (text: string) => {
      const line = edit(typed, text);
      if (line === null) return finish(null);
      typed = line.text.slice(0, MAX_CHARS);
      if (line.isEntered) finish(typed);
    };
    // Told to end while the terminal hides what is typed: it must not stay so.
    const release = onSignals({ SIGTERM: () => finish(null), SIGHUP: () => finish(null), SIGINT: () => finish(null) });
    input.on("data", take);
    input.resume();
  });
}

/** What a line becomes by some keys. Null: Ctrl-C. */
function edit(before: string, keys: string): { text: string; isEntered: boolean } | null {
  let text = before;
  // What terminals put around what is pasted, and the keys that move a cursor nobody sees.
  for (const key of keys.replaceAll(/\u001b(?:\[[0-9;]*[~A-Za-z]|O[A-Z])/g, "")) {
    if (key === "\u0003") return null;
    if (ENTER.test(key)) return { text, isEntered: true };
    if (key === "\u007f" || key === "\b") text = [...text].slice(0, -1).join("");
    else if (key === "\u0015") text = "";
    else if (key >= " ") text += key;
  }
  return { text, isEntered: false };
}
