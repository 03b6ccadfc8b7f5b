/** A small made-up corpus of Claude Code logs with everything that is hard about them, and what its records must add up to. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { claudeLine, type Response } from "./agent.ts";
import { pause } from "../../src/platform/pause.ts";

export interface Totals {
  records: number;
  input: number;
  output: number;
  cacheRead: number;
  write5m: number;
  write1h: number;
}

export interface Corpus {
  /** To be written in this order: path below the projects folder, and lines. */
  files: { path: string; lines: string[] }[];
  total: Totals;
  bySession: Record<string, Totals>;
  /** Lines that hold usage: what a naive sum would count. */
  usageLines: number;
}

interface Made {
  /** The lines of one response; only the last has its whole output. */
  lines: string[];
  last: Response;
}

/** The same seed makes the same corpus. The totals are added up as responses are invented, never read back from the lines. */
export function makeCorpus(seed: number, sessions = 6, responses = 30): Corpus {
  const random = generator(seed);
  const below = (n: number) => Math.floor(random() * n);
  const corpus: Corpus = { files: [], total: zero(), bySession: {}, usageLines: 0 };
  let serial = 0;
  let atMs = Date.UTC(2026, 3, 1);

  const respond = (session: string, sidechain: boolean): Made => {
    serial++;
    const write = below(5000);
    const hour = below(2) === 1;
    const response: Response = {
      cwd: `/code/repo-${below(3)}`,
      session,
      atMs: (atMs += 1000 + below(60_000)),
      model: sidechain ? "claude-haiku-4-5-20251001" : "claude-sonnet-4-5-20250929",
      id: `msg_${seed}_${serial}`,
      requestId: `req_${seed}_${serial}`,
      input: below(100),
      output: 10 + below(2000),
      cacheRead: below(150_000),
      write5m: hour ? 0 : write,
      write1h: hour ? write : 0,
      sidechain,
      edits: below(3) === 0 ? [`/code/repo-0/src/file-${below(9)}.ts`] : [],
    };
    for (const sum of [corpus.total, (corpus.bySession[session] ??= zero())]) {
      sum.records += 1;
      sum.input += response.input ?? 0;
      sum.output += response.output ?? 0;
      sum.cacheRead += response.cacheRead ?? 0;
      sum.write5m += response.write5m ?? 0;
      sum.write1h += response.write1h ?? 0;
    }
    const early = Array.from({ length: below(3) }, () => claudeLine({ ...response, output: 1 + below(8), edits: [] }));
    const lines = [...early, claudeLine(response)];
    corpus.usageLines += lines.length;
    return { lines, last: response };
  };
  const again = (lines: readonly string[]) => {
    corpus.usageLines += lines.length;
    return lines;
  };

  let head: string[] = [];
  for (let s = 0; s < sessions; s++) {
    const session = `session-${seed}-${s}`;
    const slug = `-work-repo-${s % 3}`;
    const lines: string[] = [];
    const parents: Response[] = [];
    // A resumed session starts with a copy of an earlier one's lines, under its own session id.
    if (head.length > 0 && below(2) === 0) {
      lines.push(...again(head).map((line) => line.replace(/"sessionId":"[^"]*"/, `"sessionId":"${session}"`)));
    }
    head = [];
    for (let r = 0; r < responses; r++) {
      const made = respond(session, false);
      lines.push(
        ...made.lines,
        JSON.stringify({ type: "user", sessionId: session, message: { content: "a question about input_tokens" } }),
      );
      if (r < 5) head.push(...made.lines);
      parents.push(made.last);
    }
    const subagent: string[] = [];
    for (let r = 0; r < responses / 5; r++) {
      const made = respond(session, true);
      subagent.push(...made.lines);
      // The parent's log tells of its subagent's response, before that was complete.
      if (below(2) === 0) lines.push(...again([progressLine({ ...made.last, output: 3 })]));
      // A side question repeats a response of the parent under another request id.
      const parent = parents[below(parents.length)] as Response;
      if (below(3) === 0) subagent.push(...again([claudeLine({ ...parent, sidechain: true, requestId: `req_replay_${serial}` })]));
    }
    corpus.files.push({ path: join(slug, `${session}.jsonl`), lines });
    corpus.files.push({ path: join(slug, session, "subagents", `agent-${s}.jsonl`), lines: subagent });
  }
  return corpus;
}

/** Writes the corpus below `projects`, whole. */
export function writeCorpus(corpus: Corpus, projects: string): void {
  for (const { path, lines } of corpus.files) {
    const file = join(projects, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${lines.join("\n")}\n`);
    // A copy is made after its original, and file systems tell times a few milliseconds apart only.
    pause(FILE_TICK_MS);
  }
}

const FILE_TICK_MS = 12;

/** A response as its parent's log tells of it: `progress` outside, the response's own line inside. */
export function progressLine(response: Response): string {
  const inner = JSON.parse(claudeLine(response)) as Record<string, unknown>;
  const { cwd, sessionId, gitBranch, timestamp, requestId, message, uuid } = inner;
  return JSON.stringify({
    type: "progress",
    isSidechain: false,
    cwd,
    sessionId,
    gitBranch,
    data: { type: "agent_progress", message: { type: "assistant", timestamp, requestId, uuid, message } },
    uuid: `progress-${String(uuid)}`,
    timestamp,
  });
}

function zero(): Totals {
  return { records: 0, input: 0, output: 0, cacheRead: 0, write5m: 0, write1h: 0 };
}

/** mulberry32: a small generator, good enough to vary a corpus. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
