/** Cells with figures that a test can add up by hand, and notes written by plain git. */
import type { Cell } from "../../src/core/cell.ts";
import type { Sandbox } from "./sandbox.ts";

/** A cell of 2 requests, 10 + 20 + 30 + 40 = 100 tokens and $1.50, unless told otherwise. */
export function cell(id: string, change: Partial<Cell> = {}): Cell {
  return {
    id: id.padStart(16, "0"),
    tool: "claude-code",
    model: "model-a",
    branch: "feat/x",
    requests: 2,
    input: 10,
    output: 20,
    cacheRead: 30,
    cacheWrite: 40,
    nanoUsd: 1_500_000_000,
    unpriced: 0,
    fromS: 1_700_000_000,
    toS: 1_700_000_060,
    ...change,
  };
}

/** A line of a note, spelt out here so that the program's own writer is not what it is tested with. */
export function line(id: string, change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    v: 1,
    id: id.padStart(16, "0"),
    tool: "claude-code",
    model: "model-a",
    branch: "feat/x",
    requests: 2,
    input: 10,
    output: 20,
    cache_read: 30,
    cache_write: 40,
    nano_usd: 1_500_000_000,
    from: 1_700_000_000,
    to: 1_700_000_060,
    ...change,
  });
}

/** Writes a note with `git notes`, as writer `writer`. */
export function addNote(box: Sandbox, at: string, writer: string, sha: string, text: string): void {
  const result = box.tryGit(at, ["notes", `--ref=refs/notes/boba/${writer}`, "add", "-f", "-F", "-", sha], { input: text });
  if (result.status !== 0) throw new Error(result.stderr);
}

/** Commits with these subjects, oldest first; their full ids. */
export function commits(box: Sandbox, at: string, ...subjects: string[]): string[] {
  return subjects.map((subject) => {
    box.git(at, "commit", "-q", "--allow-empty", "-m", subject);
    return box.git(at, "rev-parse", "HEAD");
  });
}

/** `count` empty commits on the checked-out branch by one process; returns the last one's full id. */
export function manyCommits(box: Sandbox, at: string, subject: string, count: number): string {
  const branch = box.git(at, "symbolic-ref", "HEAD");
  const stream = Array.from({ length: count }, (_, n) => {
    const from = n === 0 ? `from ${box.git(at, "rev-parse", "HEAD")}\n` : "";
    const text = `${subject} ${n}`;
    return `commit ${branch}\ncommitter Ada <ada@example.com> ${1_700_000_000 + n} +0000\ndata ${Buffer.byteLength(text)}\n${text}\n${from}`;
  });
  const result = box.tryGit(at, ["fast-import", "--quiet"], { input: stream.join("") });
  if (result.status !== 0) throw new Error(result.stderr);
  return box.git(at, "rev-parse", "HEAD");
}
