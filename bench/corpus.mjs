// Makes logs the size and shape of a year's use: long tool results and file contents between the lines that hold usage.
// Also by itself: node bench/corpus.mjs <folder> [megabytes]
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const MODELS = ["claude-sonnet-4-5-20250929", "claude-opus-4-5-20251101", "claude-haiku-4-5-20251001"];
const START_MS = Date.UTC(2026, 0, 1);

/** The same numbers for the same seed, everywhere (mulberry32). */
export function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Writes about `megabytes` of Claude Code logs below `claudeHome`; returns how many responses they hold. */
export function writeCorpus(claudeHome, megabytes, cwd = "/nowhere/project") {
  const next = chance(1);
  const dir = join(claudeHome, "projects", "-nowhere-project");
  mkdirSync(dir, { recursive: true });
  const filler = "the quick brown fox jumps over the lazy dog; ".repeat(400);
  let responses = 0;
  let bytes = 0;
  for (let session = 0; bytes < megabytes * 1e6; session++) {
    const lines = [];
    for (let turn = 0; turn < 60; turn++) {
      const base = {
        cwd,
        sessionId: `session-${session}`,
        version: "2.1.63",
        gitBranch: "main",
        timestamp: new Date(START_MS + responses * 20_000).toISOString(),
      };
      lines.push(
        JSON.stringify({ ...base, type: "user", message: { role: "user", content: filler.slice(0, Math.floor(next() * 12_000)) } }),
      );
      const usage = {
        input_tokens: Math.floor(next() * 4_000),
        output_tokens: Math.floor(next() * 2_000),
        cache_read_input_tokens: Math.floor(next() * 100_000),
        cache_creation_input_tokens: 0,
        service_tier: "standard",
      };
      const message = {
        id: `msg_${session}_${turn}`,
        type: "message",
        role: "assistant",
        model: MODELS[Math.floor(next() * MODELS.length)],
        usage,
      };
      for (const text of ["thinking", filler.slice(0, 600)])
        lines.push(
          JSON.stringify({
            ...base,
            type: "assistant",
            requestId: `req_${session}_${turn}`,
            message: { ...message, content: [{ type: "text", text }] },
          }),
        );
      responses++;
    }
    const text = `${lines.join("\n")}\n`;
    appendFileSync(join(dir, `session-${session}.jsonl`), text);
    bytes += text.length;
  }
  return responses;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [, , folder, megabytes = "100"] = process.argv;
  if (folder === undefined) throw new Error("usage: node bench/corpus.mjs <folder> [megabytes]");
  console.log(`${writeCorpus(folder, Number(megabytes))} responses`);
}

/** Writes responses without content around them, a hundred a session: what is to be booked, when reading is not what is measured. */
export function writeResponses(claudeHome, { count, startMs, everyMs, cwd }) {
  const dir = join(claudeHome, "projects", "-backfill");
  mkdirSync(dir, { recursive: true });
  for (let first = 0; first < count; first += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, count - first) }, (_, at) => {
      const nth = first + at;
      const usage = { input_tokens: 1, output_tokens: 10, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
      return JSON.stringify({
        cwd,
        sessionId: `session-${Math.floor(nth / 100)}`,
        gitBranch: "main",
        timestamp: new Date(startMs + nth * everyMs).toISOString(),
        type: "assistant",
        requestId: `req_${nth}`,
        message: { id: `msg_${nth}`, model: MODELS[0], usage },
      });
    });
    appendFileSync(join(dir, `session-${first}.jsonl`), `${lines.join("\n")}\n`);
  }
}
