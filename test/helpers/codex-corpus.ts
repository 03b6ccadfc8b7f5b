/** Made-up Codex logs with everything that is hard about them, and what their records must add up to. */
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type CodexLine,
  countLine,
  line,
  metaLine,
  patchLine,
  talkLine,
  tierLine,
  turnLine,
  type Usage,
  usageLine,
  zeroUsage,
} from "./codex-lines.ts";
import { generator, type Totals } from "./corpus.ts";

export interface CodexCorpus {
  /** Paths below Codex's folder. `turn` orders the lines of all files as they were written. */
  files: { path: string; lines: { turn: number; text: string }[] }[];
  total: Totals;
  bySession: Record<string, Totals>;
  reasoning: number;
  /** Output at the fast tier. */
  fastOutput: number;
  /** What all `last_token_usage` add up to: what a naive sum of output would count. */
  naiveOutput: number;
}

interface Session {
  id: string;
  bornMs: number;
  lines: { turn: number; line: CodexLine }[];
  total: Usage;
  last: Usage;
  fast: boolean;
  /** Writes the records of single responses too. */
  records: boolean;
  /** Its log is kept: it counts. */
  kept: boolean;
  /** Numbers its lines. */
  numbered: boolean;
}

/** How a session that begins with another's history is written. `gone`: and the other's log is no more. */
const SHAPES = ["fork", "burst", "slow", "original", "tail", "fresh", "based", "numbered"] as const;
type Shape = (typeof SHAPES)[number];

/** The same seed makes the same corpus. The totals are added up as responses are invented, never read back from the lines. */
export function makeCodexCorpus(seed: number, roots = 5, steps = 120, talkLength = 300): CodexCorpus {
  const random = generator(seed);
  const below = (n: number) => Math.floor(random() * n);
  const corpus: CodexCorpus = { files: [], total: none(), bySession: {}, reasoning: 0, fastOutput: 0, naiveOutput: 0 };
  const sessions: Session[] = [];
  let nowMs = Date.UTC(2026, 5, 1);
  let turn = 0;

  const write = (session: Session, written: CodexLine) => {
    turn++;
    session.lines.push({ turn, line: session.numbered ? { ...written, ordinal: session.lines.length } : written });
  };
  const start = (kept: boolean, more: Partial<Session> = {}, meta: Record<string, unknown> = {}): Session => {
    nowMs += 3000 + below(60_000);
    const id = `${String(seed).padStart(8, "0")}-0000-7000-8000-${String(sessions.length).padStart(12, "0")}`;
    const session: Session = {
      id,
      bornMs: nowMs,
      lines: [],
      total: zeroUsage(),
      last: zeroUsage(),
      fast: false,
      records: below(3) === 0,
      kept,
      numbered: false,
      ...more,
    };
    sessions.push(session);
    write(session, metaLine(nowMs, id, { timestamp: new Date(nowMs).toISOString(), ...meta }));
    return session;
  };
  const invent = (): Usage => {
    const input = 1 + below(150_000);
    const cached = below(input);
    const output = 1 + below(3000);
    return { input, cached, written: below(3) === 0 ? below(input - cached) : 0, output, reasoning: below(output) };
  };
  const bill = (session: Session, usage: Usage) => {
    if (!session.kept) return;
    for (const sum of [corpus.total, (corpus.bySession[session.id] ??= none())]) {
      sum.records += 1;
      sum.input += usage.input - usage.cached - usage.written;
      sum.output += usage.output;
      sum.cacheRead += usage.cached;
      sum.write5m += usage.written;
    }
    corpus.reasoning += usage.reasoning;
    if (session.fast) corpus.fastOutput += usage.output;
  };

  const respond = (session: Session, usage = invent()) => {
    nowMs += 2500 + below(40_000);
    if (below(4) === 0) write(session, turnLine(nowMs, below(2) === 0 ? "gpt-5.4" : "gpt-5.3-codex", `/code/repo-${below(3)}`));
    if (below(5) === 0) write(session, patchLine(nowMs + 1, `src/file-${below(9)}.ts`));
    write(session, talkLine(nowMs + 2, below(talkLength)));
    if (session.records) write(session, usageLine(nowMs + 3, session.id, `resp_${session.id}_${turn}`, usage));
    if (below(6) === 0) write(session, countLine(nowMs + 4, null, null));
    // Between a response's record and its count, the old total may be told once more.
    if (below(6) === 0 && session.total.input > 0) write(session, countLine(nowMs + 4, session.total, session.last));
    session.total = added(session.total, usage);
    session.last = usage;
    write(session, countLine(nowMs + 5, session.total, usage));
    corpus.naiveOutput += usage.output;
    bill(session, usage);
    for (let again = below(3); again > 0; again--) {
      write(session, countLine((nowMs += below(5000)), session.total, usage));
      corpus.naiveOutput += usage.output;
    }
  };
  /** The counter falls: to nothing when the window is full, to a part and the next response after a compaction that Codex did itself. */
  const reset = (session: Session) => {
    nowMs += 1000;
    write(session, line(nowMs, "compacted", { message: "short", replacement_history: [] }));
    if (session.records) {
      const usage = invent();
      const response = `resp_${session.id}_${turn}`;
      write(session, usageLine(nowMs + 1, session.id, response, usage));
      write(session, line(nowMs + 2, "compacted", { message: "", compaction_response_id: response }));
      write(session, countLine(nowMs + 3, session.total, zeroUsage()));
      bill(session, usage);
    } else if (below(2) === 0) {
      session.total = zeroUsage();
      session.last = zeroUsage();
      write(session, countLine(nowMs + 1, session.total, session.last, 272_000));
    } else {
      const before = session.total;
      session.total = { ...zeroUsage(), input: Math.floor(before.input / 3), output: Math.floor(before.output / 3) };
      const usage = invent();
      if (session.total.input + usage.input < before.input) respond(session, usage);
      else session.total = before;
    }
  };

  /** A session that begins with what `parent` has spent so far. */
  const derive = (parent: Session, shape: Shape, own?: Usage): Session => {
    const copied = parent.lines.filter(({ line: { type } }) => shape === "fork" || type === "event_msg" || type === "session_meta");
    const history = shape === "fresh" || shape === "based" ? [] : shape === "tail" ? copied.slice(Math.floor(copied.length / 2)) : copied;
    const spawned = { source: { subagent: { thread_spawn: { parent_thread_id: parent.id, depth: 1 } } }, thread_source: "subagent" };
    const meta = {
      ...(shape === "fork" || shape === "based" ? { forked_from_id: parent.id } : spawned),
      ...(shape === "based" ? { history_base: { thread_id: parent.id, end_ordinal_exclusive: parent.lines.length } } : {}),
      ...(shape === "numbered" ? { subagent_history_start_ordinal: history.length + 1 } : {}),
    };
    const isFresh = shape === "fresh" || parent.total.input === 0;
    const { total, last, fast } = parent;
    const more = {
      ...(isFresh ? {} : { total, last, fast }),
      numbered: shape === "numbered",
      fast: history.length > 0 && shape !== "tail" ? fast : false,
    };
    const child = start(true, more, meta);
    const tailTier = history.some(({ line: { payload } }) => payload["type"] === "thread_settings_applied");
    if (shape === "tail" && tailTier) child.fast = fast;
    // A slow history takes longer than any first response.
    const pauseMs = shape === "slow" ? 700 : 0;
    for (const [n, { line: old }] of history.entries()) {
      const timestamp = shape === "original" ? old.timestamp : new Date(nowMs + 20 + n * pauseMs + Math.floor(n / 50)).toISOString();
      const { ordinal: _, ...plain } = old;
      write(child, { ...plain, timestamp });
    }
    nowMs += history.length * pauseMs + Math.floor(history.length / 50) + 2500;
    write(child, turnLine(nowMs, "gpt-5.4", "/code/child"));
    respond(child, own);
    return child;
  };

  for (let n = 0; n < roots; n++) respond(start(true));
  for (let n = 0; n < steps; n++) {
    const session = sessions[below(sessions.length)] as Session;
    const dice = below(20);
    if (dice === 0) reset(session);
    else if (dice === 1) {
      session.fast = below(2) === 0;
      write(session, tierLine((nowMs += 100), session.fast ? "priority" : "default"));
    } else if (dice === 2) derive(session, SHAPES[below(SHAPES.length)] as Shape);
    else if (dice === 3) {
      // Two siblings may have the very same counters from beginning to end, and are two nevertheless.
      const own = invent();
      derive(session, "burst", own);
      derive(session, "burst", own);
    } else respond(session);
  }
  // The log of a parent that was deleted: its forks tell the time of their making, and pause before they begin.
  const gone = start(false);
  for (let n = 0; n < 5; n++) respond(gone);
  derive(gone, "fork");
  derive(gone, "burst");

  for (const [n, { id, bornMs, lines, kept }] of sessions.entries()) {
    if (!kept) continue;
    const stamp = new Date(bornMs).toISOString().slice(0, 19);
    const name = `rollout-${stamp.replaceAll(":", "-")}-${id}.jsonl`;
    const active = join("sessions", stamp.slice(0, 4), stamp.slice(5, 7), stamp.slice(8, 10), name);
    const texts = lines.map((entry) => ({ turn: entry.turn, text: JSON.stringify(entry.line) }));
    corpus.files.push({ path: n % 4 === 3 ? join("archived_sessions", name) : active, lines: texts });
    if (n % 4 === 2) corpus.files.push({ path: join("archived_sessions", name), lines: texts.slice(0, Math.ceil(texts.length / 2)) });
  }
  return corpus;
}

/** Writes what was written up to each of `turns`, one after the other, and of the next line of each file a part: `cut` chooses it. */
export function* growCodexCorpus(
  corpus: CodexCorpus,
  home: string,
  turns: readonly number[],
  cut: (bytes: number) => number,
): Generator<number> {
  const done = new Map<string, number>();
  for (const till of turns) {
    for (const { path, lines } of corpus.files) {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true });
      const whole = Buffer.from(
        lines
          .filter(({ turn }) => turn <= till)
          .map(({ text }) => `${text}\n`)
          .join(""),
      );
      const next = lines.find(({ turn }) => turn > till);
      const part =
        next === undefined || whole.length === 0 ? Buffer.alloc(0) : Buffer.from(next.text).subarray(0, cut(Buffer.byteLength(next.text)));
      const bytes = Buffer.concat([whole, part]);
      const from = done.get(path) ?? 0;
      if (bytes.length > from) appendFileSync(file, bytes.subarray(from));
      done.set(path, Math.max(from, bytes.length));
    }
    yield till;
  }
}

/** The number of the last line that was written. */
export function lastTurn(corpus: CodexCorpus): number {
  return Math.max(...corpus.files.flatMap(({ lines }) => lines.map(({ turn }) => turn)));
}

function added(a: Usage, b: Usage): Usage {
  return {
    input: a.input + b.input,
    cached: a.cached + b.cached,
    written: a.written + b.written,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
  };
}

function none(): Totals {
  return { records: 0, input: 0, output: 0, cacheRead: 0, write5m: 0, write1h: 0 };
}
