import { appendFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { claudeLine, claudeLog, type Response } from "../helpers/agent.ts";
import { progressLine } from "../helpers/corpus.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { collectIn, query } from "./stored.ts";

const AT = Date.UTC(2026, 3, 1);
const base: Response = { cwd: "/w", atMs: AT, id: "msg_1", requestId: "req_1", session: "s1" };

/** Collects after each line, so that every merge happens in the database; then again with all lines at once in a fresh one. */
async function bothWays(lines: readonly string[]) {
  const outcomes: unknown[] = [];
  for (const oneByOne of [true, false]) {
    const box = sandbox();
    const log = claudeLog(box, "/w", "s1");
    for (const [n, line] of lines.entries()) {
      appendFileSync(log, `${line}\n`);
      if (oneByOne || n === lines.length - 1) await collectIn(box);
    }
    outcomes.push(rows(box));
  }
  expect(outcomes[0]).toEqual(outcomes[1]);
  return outcomes[0];
}

function rows(box: Sandbox) {
  return query(
    box,
    "SELECT session_id AS session, ts_ms - 1775001600000 AS ms, input_tokens AS input, output_tokens AS output, cost_nanousd AS cost FROM usage_records ORDER BY output",
  );
}

test("the lines of one response are one record: largest counters, first time, priced by the whole", async () => {
  const lines = [
    claudeLine({ ...base, input: 10, output: 1 }),
    claudeLine({ ...base, input: 10, output: 500, atMs: AT + 700 }),
    claudeLine({ ...base, input: 10, output: 8, atMs: AT + 900 }),
  ];
  expect(await bothWays(lines)).toEqual([{ session: "s1", ms: 0, input: 10, output: 500, cost: 30_000 + 7_500_000 }]);
});

test("the same id under another request is another response", async () => {
  const lines = [
    claudeLine({ ...base, output: 10 }),
    claudeLine({ ...base, requestId: "req_2", output: 20 }),
    claudeLine({ ...base, requestId: "req_2", output: 25 }),
    claudeLine({ ...base, requestId: null, output: 30 }),
  ];
  expect(await bothWays(lines)).toMatchObject([{ output: 10 }, { output: 25 }, { output: 30 }]);
});

test("a replay is the response it repeats, whichever comes first, and the original names the session", async () => {
  const original = claudeLine({ ...base, output: 40 });
  const replay = claudeLine({ ...base, session: "side", requestId: "req_other", sidechain: true, output: 40 });
  const one = [{ session: "s1", ms: 0, input: 0, output: 40, cost: 600_000 }];
  expect(await bothWays([original, replay])).toEqual(one);
  expect(await bothWays([replay, original])).toEqual(one);
  expect(await bothWays([replay, original, replay])).toEqual(one);
});

test("a subagent's response told to its parent is counted once", async () => {
  const told = progressLine({ ...base, output: 3 });
  const own = claudeLine({ ...base, output: 60, sidechain: true });
  expect(await bothWays([told, own])).toMatchObject([{ output: 60 }]);
  expect(await bothWays([own, told])).toMatchObject([{ output: 60 }]);
});

test("a copy in a later file leaves the record with the session that wrote it first", async () => {
  const box = sandbox();
  writeFileSync(claudeLog(box, "/w", "z-first"), `${claudeLine({ ...base, session: "z-first", output: 5 })}\n`);
  await new Promise((resolve) => setTimeout(resolve, 20));
  writeFileSync(claudeLog(box, "/w", "a-second"), `${claudeLine({ ...base, session: "a-second", output: 5 })}\n`);
  await collectIn(box);
  expect(rows(box)).toMatchObject([{ session: "z-first", output: 5 }]);
});

test("a claimed record that grows marks its commit's note as out of date and stays where it is", async () => {
  const box = sandbox();
  const log = claudeLog(box, "/w", "s1");
  writeFileSync(log, `${claudeLine({ ...base, output: 5 })}\n`);
  await collectIn(box);
  const { default: Database } = await import("better-sqlite3");
  const db = new Database(box.db);
  db.exec(`INSERT INTO repos (id, common_dir, name) VALUES (1, '/w/.git', 'w');
    INSERT INTO commits (id, repo, sha) VALUES (1, 1, 'aa'), (2, 1, 'bb');
    INSERT INTO claims (record_seq, commit_id, via, evidence) SELECT seq, 1, 'commit', 'time' FROM usage_records`);
  db.close();
  await collectIn(box);
  expect(query(box, "SELECT id FROM commits WHERE note_dirty = 1")).toEqual([]);
  appendFileSync(log, `${claudeLine({ ...base, output: 9 })}\n`);
  expect(await collectIn(box)).toMatchObject({ newRecords: 0, grownRecords: 1 });
  expect(query(box, "SELECT id FROM commits WHERE note_dirty = 1")).toEqual([{ id: 1 }]);
});
