/** Agents that log one growing counter a session: what it grew by since the last look, taken exactly once. */
import { COUNTER_NAMES, type Counters, type SourceRecord } from "../core/record.ts";
import type { Db } from "../platform/sqlite.ts";

interface Row extends Counters {
  resets: number;
  tsMs: number;
  reportedNanoUsd: number | null;
}

/**
 * A function that takes a session's running counters and returns the record of what is new in them, or null when nothing is. Call it inside
 * the transaction that stores the record: both or neither. The record's key holds the counters it reaches and how often they were reset.
 */
export function runningTotals(db: Db): (total: SourceRecord) => SourceRecord | null {
  const find = db.prepare<[string, string], Row>(FIND);
  const save = db.prepare(SAVE);
  return (total) => {
    const { tool, key, atMs, counters, reportedNanoUsd } = total;
    const last = find.get(tool, key);
    if (last !== undefined && isKnown(last, total)) return null;
    const fell = last !== undefined && hasFallen(last, counters);
    const since = fell ? undefined : last;
    const resets = (last?.resets ?? 0) + (fell ? 1 : 0);
    const grown = { ...counters };
    if (since !== undefined) for (const name of COUNTER_NAMES) grown[name] -= since[name];
    grown.reasoning = Math.min(Math.max(0, grown.reasoning), grown.output);
    save.run(tool, key, resets, atMs, ...COUNTER_NAMES.map((name) => counters[name]), reportedNanoUsd);
    if (COUNTER_NAMES.every((name) => grown[name] === 0)) return null;
    const reported = reportedNanoUsd === null ? null : reportedNanoUsd - (since?.reportedNanoUsd ?? 0);
    return {
      ...total,
      key: [key, resets, ...COUNTER_NAMES.map((name) => counters[name])].join("\0"),
      variant: "",
      counters: grown,
      reportedNanoUsd: reported !== null && reported > 0 ? reported : null,
    };
  };
}

/** Whether a total says nothing new: most do, since agents keep the counters of every session they ever had. Asked outside transactions. */
export function knownTotals(db: Db): (total: SourceRecord) => boolean {
  const find = db.prepare<[string, string], Row>(FIND);
  return (total) => {
    const last = find.get(total.tool, total.key);
    return last !== undefined && isKnown(last, total);
  };
}

/** Of two states at one time, the one with less is the earlier: a copy made within the agent's second, or files out of order. */
function isKnown(last: Row, { atMs, counters }: SourceRecord): boolean {
  return (
    atMs < last.tsMs || COUNTER_NAMES.every((name) => last[name] === counters[name]) || (atMs === last.tsMs && hasFallen(last, counters))
  );
}

/** Reasoning is a part of the output, and may be told late or less exactly: it alone is no sign of a new count. */
const hasFallen = (last: Counters, counters: Counters): boolean =>
  COUNTER_NAMES.some((name) => name !== "reasoning" && counters[name] < last[name]);

const FIND = `
  SELECT resets, ts_ms AS tsMs, input_tokens AS input, output_tokens AS output, reasoning_tokens AS reasoning, cache_read_tokens AS cacheRead,
    cache_write_5m_tokens AS cacheWrite5m, cache_write_1h_tokens AS cacheWrite1h, web_searches AS webSearches, reported_nanousd AS reportedNanoUsd
  FROM running_totals WHERE tool = ? AND key = ?`;

const SAVE = `
  INSERT OR REPLACE INTO running_totals (tool, key, resets, ts_ms, input_tokens, output_tokens, reasoning_tokens, cache_read_tokens,
    cache_write_5m_tokens, cache_write_1h_tokens, web_searches, reported_nanousd)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
