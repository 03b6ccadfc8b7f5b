/** What is asked: words, `@file`, or `-` for standard input. */
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { BobaError, EXIT } from "../core/errors.ts";
import type { App } from "./app.ts";

const MAX_BYTES = 16 * 1024 * 1024;

/** @throws BobaError BOBA-USE-65 for nothing, too much, or a file that cannot be read. */
export async function readPrompt(app: App, typed: string | undefined, stdin: Readable): Promise<string> {
  const text = await textOf(app, typed, stdin);
  if (text.trim() === "") throw problem("there is nothing to ask");
  return text;
}

async function textOf(app: App, typed: string | undefined, stdin: Readable): Promise<string> {
  if (typed === undefined && "isTTY" in stdin && stdin.isTTY === true) return "";
  if (typed === undefined || typed === "-") return read(stdin, "it");
  if (!typed.startsWith("@")) return typed;
  const path = resolve(app.cwd, typed.slice(1));
  try {
    return await read(createReadStream(path), path);
  } catch (error) {
    if (error instanceof BobaError) throw error;
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw problem(`${path} cannot be read (${reason})`);
  }
}

/** A pipe has no size to ask for, and neither has `/dev/zero`. */
async function read(source: Readable, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BYTES) throw problem(`${name} is larger than 16 MiB`);
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

const problem = (what: string) =>
  new BobaError("BOBA-USE-65", EXIT.usage, what, "give a question in quotes, a file (@question.txt), or - for standard input");
