/** What is asked: words, `@file`, or `-` for standard input. */
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { BobaError, EXIT } from "../core/errors.ts";
import type { App } from "./app.ts";

const MAX_BYTES = 16 * 1024 * 1024;

/** @throws BobaError BOBA-USE-65 for nothing, too much, or a file that cannot be read. */
export async function readPrompt(app: App, typed: string | undefined, stdin: Readable): Promise<string> {
  const bytes =
    typed === undefined || typed === "-" ? await fromStdin(stdin, typed) : typed.startsWith("@") ? fromFile(app, typed.slice(1)) : typed;
  const text = typeof bytes === "string" ? bytes : bytes.toString("utf8").replace(/^\uFEFF/, "");
  if (text.trim() === "") throw problem("there is nothing to ask");
  return text;
}

async function fromStdin(stdin: Readable, typed: string | undefined): Promise<Buffer> {
  if (typed === undefined && "isTTY" in stdin && stdin.isTTY === true) throw problem("there is nothing to ask");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BYTES) throw problem("it is larger than 16 MiB");
  }
  return Buffer.concat(chunks);
}

function fromFile(app: App, name: string): Buffer {
  const path = resolve(app.cwd, name);
  try {
    if (statSync(path).size > MAX_BYTES) throw problem(`${path} is larger than 16 MiB`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof BobaError) throw error;
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw problem(`${path} cannot be read (${reason})`);
  }
}

const problem = (what: string) =>
  new BobaError("BOBA-USE-65", EXIT.usage, what, "give a question in quotes, a file (@question.txt), or - for standard input");
