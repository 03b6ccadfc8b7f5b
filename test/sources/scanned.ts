/** The built scan of Claude Code's lines, and what reading a file gives with it and without. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadWasm } from "../../src/platform/wasm.ts";
import { useClaudeScan } from "../../src/sources/claude-code.ts";
import { ClaudeScan } from "../../src/sources/claude-scan.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { readClaude, type ReadResult } from "./read.ts";

const BUILT = fileURLToPath(new URL("../../dist", import.meta.url));

/** The module that the built reader names. @throws where there is none, or it does not load. */
export function builtScan(): ClaudeScan {
  const [, name] = /"(lib\/scan-[0-9a-f]{8}\.wasm)"/.exec(readFileSync(join(BUILT, "reader.js"), "utf8")) ?? [];
  const exports = name === undefined ? null : loadWasm(join(BUILT, name));
  if (exports === null) throw new Error("the built reader has no scan module that loads");
  return new ClaudeScan(exports);
}

let scan: ClaudeScan | null = null;

export interface Both {
  plain: ReadResult;
  scanned: ReadResult;
  /** Lines with the word of which the scan said what they hold, and those that it left to JSON.parse. */
  known: number;
  left: number;
}

/** Reads the same bytes both ways, as the content of `file`. */
export function readBoth(bytes: Buffer | string, file: string = join(sandbox().dir, "log.jsonl")): Both {
  writeFileSync(file, bytes);
  scan ??= builtScan();
  useClaudeScan(null);
  const plain = readClaude(file);
  const count = { known: 0, left: 0 };
  const { lines } = scan;
  const visit = lines.visit.bind(lines);
  lines.visit = (start, end, read, parse) =>
    visit(
      start,
      end,
      () => {
        const isKnown = read();
        if (isKnown) count.known++;
        return isKnown;
      },
      (at, till) => {
        count.left++;
        parse(at, till);
      },
    );
  try {
    useClaudeScan(scan);
    return { plain, scanned: readClaude(file), ...count };
  } finally {
    useClaudeScan(null);
    lines.visit = visit;
  }
}
