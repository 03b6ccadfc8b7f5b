/** Repricing when something goes wrong: two at once, and one that is killed. */
import { spawn } from "node:child_process";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { ledgerAt } from "../helpers/ledger.ts";
import { bobaAsync } from "../helpers/price-server.ts";
import { BOBA, type Sandbox, sandbox } from "../helpers/sandbox.ts";

/** 1,000 output tokens of claude-sonnet-4-5 cost 15,000,000 nano-dollars; stored as 10,000,000. */
const WRONG = 10_000_000;
const RIGHT = 15_000_000;

function wrongPrices(records: number): Sandbox {
  const box = sandbox();
  const ledger = ledgerAt(box.db);
  ledger.record({ output: 1000, costNanoUsd: WRONG });
  ledger.db
    .prepare(
      `INSERT INTO usage_records (id, ts, ts_ms, session_id, tool, provider, model, input_tokens, output_tokens, cost_nanousd, price_source)
       WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       SELECT 'n' || i, 1790000000, 1790000000000, 's', 'claude-code', 'anthropic', 'claude-sonnet-4-5', 0, 1000, ?, 'old' FROM n`,
    )
    .run(records, WRONG);
  ledger.close();
  return box;
}

interface State {
  wrong: number;
  right: number;
  history: number;
  /** Records with more than one change, or with a change that does not lead to what is stored. */
  inconsistent: number;
}

function state(db: Database.Database): State {
  return db
    .prepare<[number, number, number], State>(
      `SELECT (SELECT count(*) FROM usage_records WHERE cost_nanousd = ?) AS wrong,
         (SELECT count(*) FROM usage_records WHERE cost_nanousd = ?) AS right,
         (SELECT count(*) FROM price_history) AS history,
         (SELECT count(*) FROM (SELECT seq FROM usage_records JOIN price_history ON record_seq = seq
            GROUP BY seq HAVING count(*) > 1 OR max(new_nanousd) <> cost_nanousd OR max(old_nanousd) <> ?)) AS inconsistent`,
    )
    .get(WRONG, RIGHT, WRONG) as State;
}

test("two at once change each record once", async () => {
  const records = 20_000;
  const box = wrongPrices(records);
  const runs = await Promise.all([0, 1].map(() => bobaAsync(box, ["pricing", "reprice", "--yes", "--format", "json"])));
  expect(runs.map(({ status, stderr }) => [status, stderr])).toEqual([
    [0, ""],
    [0, ""],
  ]);
  expect(runs.reduce((sum, { stdout }) => sum + Number(JSON.parse(stdout).changed), 0)).toBe(records);
  const db = new Database(box.db, { readonly: true });
  expect(state(db)).toEqual({ wrong: 0, right: records, history: records, inconsistent: 0 });
  db.close();
});

test("killed at any moment: every record has one price or the other, with its history; the next run does the rest", async () => {
  const records = 100_000;
  const box = wrongPrices(records);
  const db = new Database(box.db);
  const child = spawn(process.execPath, [BOBA, "pricing", "reprice", "--yes"], { env: box.env, stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const anyChange = db.prepare("SELECT 1 FROM price_history LIMIT 1");
  while (anyChange.get() === undefined && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2));
  child.kill("SIGKILL");
  await ended;
  const killed = state(db);
  expect(killed.history).toBeGreaterThan(0);
  expect(killed).toEqual({ wrong: records - killed.history, right: killed.history, history: killed.history, inconsistent: 0 });
  expect(db.pragma("quick_check", { simple: true })).toBe("ok");
  box.boba(["pricing", "reprice", "--yes"]);
  expect(state(db)).toEqual({ wrong: 0, right: records, history: records, inconsistent: 0 });
  // Both runs can be taken back, the last one first.
  box.boba(["pricing", "reprice", "--undo"]);
  expect(state(db)).toEqual(killed);
  box.boba(["pricing", "reprice", "--undo"]);
  expect(state(db)).toEqual({ wrong: records, right: 0, history: 0, inconsistent: 0 });
  db.close();
});
