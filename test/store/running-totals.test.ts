/** A session's running counters: what they grew by is booked once, whoever looks, however often, in whatever order. */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { createPricer } from "../../src/core/pricer.ts";
import type { Counters, SourceRecord } from "../../src/core/record.ts";
import { rowIdOf } from "../../src/core/row-id.ts";
import { transaction } from "../../src/platform/sqlite.ts";
import { openLedger } from "../../src/store/open.ts";
import { knownTotals, runningTotals } from "../../src/store/running-totals.ts";
import { usageWriter } from "../../src/store/usage.ts";
import { query } from "../flow/stored.ts";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";

const NONE: Counters = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 };
const START = Date.parse("2026-05-01T10:00:00Z");

function total(minute: number, counters: Partial<Counters>, more: Partial<SourceRecord> = {}): SourceRecord {
  return {
    key: "s1",
    variant: "",
    tool: "goose",
    provider: "openai",
    model: "gpt-5.4",
    sessionId: "s1",
    atMs: START + minute * 60_000,
    counters: { ...NONE, ...counters },
    fast: false,
    cwd: null,
    loggedBranch: null,
    loggedCommit: null,
    reportedNanoUsd: null,
    approximate: false,
    files: [],
    ...more,
  };
}

/** Looks at one state after the other, as so many runs would, and stores what is new. */
function look(box: Sandbox, ...states: SourceRecord[]): void {
  const db = openLedger(box.db);
  try {
    for (const state of states) {
      transaction(db, () => {
        const record = runningTotals(db)(state);
        const price = createPricer([], { source: "none", calcPrice: () => null });
        if (record !== null) usageWriter(db, price)({ record, row: rowIdOf(record), place: null, files: [] });
      });
    }
  } finally {
    db.close();
  }
}

const BOOKED = `SELECT (ts_ms - ${START}) / 60000 AS minute, input_tokens AS input, output_tokens AS output, reasoning_tokens AS reasoning,
  cache_read_tokens AS cacheRead, reported_nanousd AS reported FROM usage_records ORDER BY seq`;

/** What was booked, without the zeros. */
function booked(box: Sandbox): Record<string, number>[] {
  const rows = query<Record<string, number | null>>(box, BOOKED);
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name, n]) => name === "minute" || (n ?? 0) > 0)) as never);
}

const box = (): Sandbox => {
  const made = sandbox();
  mkdirSync(made.bobaHome, { recursive: true });
  return made;
};

describe("what a session's counters grew by", () => {
  test("is booked at the time of each look", () => {
    const at = box();
    look(at, total(1, { input: 100, output: 10, cacheRead: 7 }), total(2, { input: 150, output: 30, cacheRead: 7 }));
    expect(booked(at)).toEqual([
      { minute: 1, input: 100, output: 10, cacheRead: 7 },
      { minute: 2, input: 50, output: 20 },
    ]);
  });

  test("is nothing when it is looked at again, at the same time or later", () => {
    const at = box();
    const state = total(1, { input: 100 });
    look(at, state, state, total(5, { input: 100 }), state);
    expect(booked(at)).toEqual([{ minute: 1, input: 100 }]);
  });

  test("is booked as well when the agent's clock did not move", () => {
    const at = box();
    look(at, total(1, { input: 100 }), total(1, { input: 160 }));
    expect(booked(at)).toEqual([
      { minute: 1, input: 100 },
      { minute: 1, input: 60 },
    ]);
  });

  test("belongs to its session and its agent", () => {
    const at = box();
    look(at, total(1, { input: 100 }), total(1, { input: 100 }, { key: "s2" }), total(1, { input: 100 }, { tool: "hermes" }));
    expect(booked(at)).toHaveLength(3);
  });

  test("takes the cost that the agent reports along, as far as it grew", () => {
    const at = box();
    look(at, total(1, { input: 1 }, { reportedNanoUsd: 500 }), total(2, { input: 2 }, { reportedNanoUsd: 800 }), total(3, { input: 3 }));
    expect(booked(at)).toEqual([
      { minute: 1, input: 1, reported: 500 },
      { minute: 2, input: 1, reported: 300 },
      { minute: 3, input: 1 },
    ]);
  });

  test("is never less than nothing where only what was thought is told anew", () => {
    const at = box();
    look(at, total(1, { output: 50, reasoning: 40 }), total(2, { output: 60, reasoning: 10 }), total(3, { output: 62, reasoning: 30 }));
    expect(booked(at)).toEqual([
      { minute: 1, output: 50, reasoning: 40 },
      { minute: 2, output: 10 },
      { minute: 3, output: 2, reasoning: 2 },
    ]);
  });
});

describe("a counter that fell", () => {
  test("began anew: all of the new value is booked", () => {
    const at = box();
    look(at, total(1, { input: 100, output: 10 }), total(2, { input: 30, output: 20 }), total(3, { input: 35, output: 20 }));
    expect(booked(at)).toEqual([
      { minute: 1, input: 100, output: 10 },
      { minute: 2, input: 30, output: 20 },
      { minute: 3, input: 5 },
    ]);
  });

  test("and comes back to the same value is not lost, with and without a look in between", () => {
    const at = box();
    look(at, total(1, { input: 100 }), total(2, { input: 0 }), total(3, { input: 100 }), total(4, { input: 40 }), total(5, { input: 100 }));
    expect(booked(at)).toEqual([
      { minute: 1, input: 100 },
      { minute: 3, input: 100 },
      { minute: 4, input: 40 },
      { minute: 5, input: 60 },
    ]);
  });

  test("in a copy that is older, or of the same moment, is no new count", () => {
    const at = box();
    look(at, total(3, { input: 100 }), total(2, { input: 60 }), total(3, { input: 80 }), total(4, { input: 110 }));
    expect(booked(at)).toEqual([
      { minute: 3, input: 100 },
      { minute: 4, input: 10 },
    ]);
  });
});

test("what is known is told without looking for a price or a place", () => {
  const at = box();
  look(at, total(3, { input: 100 }));
  const db = openLedger(at.db);
  const isKnown = knownTotals(db);
  expect([total(3, { input: 100 }), total(9, { input: 100 }), total(2, { input: 60 })].map(isKnown)).toEqual([true, true, true]);
  expect([total(4, { input: 60 }), total(3, { input: 101 }), total(3, { input: 100 }, { key: "s2" })].map(isKnown)).toEqual([
    false,
    false,
    false,
  ]);
  db.close();
});

test("several processes that look at once book it once", { timeout: 120_000 }, async () => {
  const at = box();
  const folder = join(at.home, ".local", "share", "goose", "sessions");
  mkdirSync(folder, { recursive: true });
  const agent = new Database(join(folder, "sessions.db"));
  agent.pragma("journal_mode = WAL");
  agent.exec(`CREATE TABLE sessions (id TEXT PRIMARY KEY, working_dir TEXT, created_at TEXT, updated_at TEXT, accumulated_input_tokens INTEGER,
    accumulated_output_tokens INTEGER, provider_name TEXT, model_config_json TEXT);
    INSERT INTO sessions VALUES ('20260601_1', '/code/shop', '2026-06-01 08:00:00', '2026-06-01 08:00:00', 0, 0, 'openai', '{"model_name":"gpt-5.4"}')`);
  const grow = agent.prepare(
    "UPDATE sessions SET accumulated_input_tokens = accumulated_input_tokens + 1000, updated_at = datetime(updated_at, '+1 minute')",
  );
  for (let round = 0; round < 3; round++) {
    grow.run();
    const statuses = await Promise.all([1, 2, 3].map(() => runImport(at)));
    expect(statuses).toEqual([0, 0, 0]);
  }
  agent.close();
  expect(query(at, "SELECT input_tokens AS input FROM usage_records ORDER BY ts")).toEqual([
    { input: 1000 },
    { input: 1000 },
    { input: 1000 },
  ]);
});

function runImport(at: Sandbox): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BOBA, "import"], { cwd: at.dir, env: at.env, stdio: "ignore" });
    child.on("error", reject);
    child.on("close", resolve);
  });
}
