import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { respond } from "../helpers/agent.ts";
import { ledgerAt } from "../helpers/ledger.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

const OCTOBER = Date.UTC(2026, 9, 10) / 1000;
const NOVEMBER = Date.UTC(2026, 10, 10) / 1000;
const MILLION = 1_000_000;

/** Three models: one whose stored price is wrong, one without a price, one that is right; all priced for a million tokens of output. */
function stored(): Sandbox {
  const box = sandbox();
  box.boba(["init"]);
  const ledger = ledgerAt(box.db);
  // claude-sonnet-4-5 costs 15 $ a million; stored as 10 $.
  ledger.record({ ts: OCTOBER, output: MILLION, costNanoUsd: 10e9 });
  ledger.record({ ts: NOVEMBER, output: MILLION, costNanoUsd: 10e9 });
  ledger.record({ ts: NOVEMBER, model: "mine-1", input: MILLION, costNanoUsd: null });
  ledger.record({ ts: NOVEMBER, model: "claude-opus-4-8", output: MILLION, costNanoUsd: 25e9 });
  // Nobody knows it any more: it keeps what it cost.
  ledger.record({ ts: NOVEMBER, model: "gone-1", output: MILLION, costNanoUsd: 7e9 });
  ledger.db.exec("UPDATE usage_records SET price_source = 'old list'");
  ledger.close();
  writeFileSync(join(box.bobaHome, "pricing.yaml"), "models:\n  mine-1: { input_per_mtok: 3, output_per_mtok: 4 }\n");
  return box;
}

function query<T>(box: Sandbox, sql: string): T[] {
  const db = new Database(box.db, { readonly: true });
  try {
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}

const costs = (box: Sandbox) =>
  query<{ model: string; cost: number | null; source: string }>(
    box,
    "SELECT model, cost_nanousd / 1000000000 AS cost, price_source AS source FROM usage_records ORDER BY seq",
  ).map(({ model, cost, source }) => [model, cost, source]);

const BEFORE = [
  ["claude-sonnet-4-5", 10, "old list"],
  ["claude-sonnet-4-5", 10, "old list"],
  ["mine-1", null, "old list"],
  ["claude-opus-4-8", 25, "old list"],
  ["gone-1", 7, "old list"],
];
const AFTER = [
  ["claude-sonnet-4-5", 15, "genai-prices 0.1.8"],
  ["claude-sonnet-4-5", 15, "genai-prices 0.1.8"],
  ["mine-1", 3, "pricing.yaml"],
  // What it cost has not changed, so where that came from has not either.
  ["claude-opus-4-8", 25, "old list"],
  ["gone-1", 7, "old list"],
];

test("shows the difference and what to type, and writes nothing until told to", () => {
  const box = stored();
  const sums = (records: number, changed: number, old: string, now: string, rest = {}) => {
    return { records, changed, kept: 0, old_nano_usd: old, new_nano_usd: now, unpriced_before: 0, unpriced_after: 0, ...rest };
  };
  const [sonnet, mine] = [{ model: "claude-sonnet-4-5" }, { model: "mine-1" }].map((model) => ({ ...model, provider: "anthropic" }));
  const expected = {
    schema: "boba.reprice/1",
    written: false,
    source: "genai-prices 0.1.8",
    ...sums(5, 3, "52000000000", "65000000000", { kept: 1, unpriced_before: 1 }),
    models: [
      { ...sonnet, ...sums(2, 2, "20000000000", "30000000000") },
      { ...mine, ...sums(1, 1, "0", "3000000000", { unpriced_before: 1 }) },
      { model: "gone-1", provider: "anthropic", ...sums(1, 0, "7000000000", "7000000000", { kept: 1 }) },
    ],
  };
  expect(box.json(["pricing", "reprice", "--dry-run"])).toEqual(expected);
  expect(box.json(["pricing", "reprice"])).toEqual(expected);
  expect(costs(box)).toEqual(BEFORE);
  const { stdout } = box.boba(["pricing", "reprice", "--since", "2026-01-01", "--model", "claude-*"]);
  expect(stdout).toContain("To write it: boba pricing reprice --since '2026-01-01' --model 'claude-*' --yes");
  expect(stdout).toMatch(/^claude-sonnet-4-5 +anthropic +2 +\$20\.0000 +\$30\.0000 +\+\$10\.0000$/m);
  expect(stdout).toMatch(/^\(models without a change\) +0 +\$25\.0000 +\$25\.0000 +\$0\.0000$/m);
  expect(stdout).toMatch(/^total +2 +\$45\.0000 +\$55\.0000 +\+\$10\.0000$/m);
});

test("writes once, keeps what was there, and a second run changes nothing", () => {
  const box = stored();
  expect(box.json(["pricing", "reprice", "--yes"])).toMatchObject({ written: true, changed: 3 });
  expect(costs(box)).toEqual(AFTER);
  const history =
    "SELECT record_seq AS seq, old_nanousd AS old, old_source AS source, old_level AS level, new_nanousd AS new FROM price_history";
  const kept = [
    { seq: 1, old: 10e9, source: "old list", level: "exact", new: 15e9 },
    { seq: 2, old: 10e9, source: "old list", level: "exact", new: 15e9 },
    { seq: 3, old: null, source: "old list", level: "exact", new: 3e9 },
  ];
  expect(query(box, history)).toEqual(kept);
  expect(query(box, "SELECT count(DISTINCT changed_at_ms) AS runs FROM price_history")).toEqual([{ runs: 1 }]);
  expect(box.json(["pricing", "reprice", "--yes"])).toMatchObject({ written: true, changed: 0, kept: 1 });
  expect(query(box, history)).toEqual(kept);
  expect(box.boba(["audit"], { expect: null }).status).toBe(0);
});

test.each([
  [
    ["--since", "2026-11-01"],
    [10, 15, 3, 25, 7],
  ],
  [
    ["--until", "2026-10-31"],
    [15, 10, null, 25, 7],
  ],
  [
    ["--model", "mine-1"],
    [10, 10, 3, 25, 7],
  ],
  [
    ["--model", "claude-*"],
    [15, 15, null, 25, 7],
  ],
  [
    ["--model", "claude"],
    [10, 10, null, 25, 7],
  ],
  [
    ["--model", "%"],
    [10, 10, null, 25, 7],
  ],
])("%o limits it", (options, expected) => {
  const box = stored();
  box.boba(["pricing", "reprice", ...options, "--yes"]);
  expect(costs(box).map(([, cost]) => cost)).toEqual(expected);
});

test("the last run can be taken back, but not what has been priced anew since", () => {
  const box = stored();
  box.boba(["pricing", "reprice", "--yes"]);
  const db = new Database(box.db);
  db.exec("UPDATE usage_records SET cost_nanousd = 16000000000 WHERE seq = 2");
  db.close();
  expect(box.json(["pricing", "reprice", "--undo"])).toMatchObject({ schema: "boba.reprice-undo/1", restored: 2, left: 1 });
  expect(costs(box)).toEqual(BEFORE.map((row, at) => (at === 1 ? ["claude-sonnet-4-5", 16, "genai-prices 0.1.8"] : row)));
  expect(query(box, "SELECT * FROM price_history")).toEqual([]);
  expect(box.boba(["pricing", "reprice", "--undo"]).stdout).toBe("nothing to take back: no record was repriced\n");
});

test("a reported cost gives way to a listed one, and what was incomplete stays an estimate", () => {
  const box = sandbox();
  const ledger = ledgerAt(box.db);
  ledger.record({ output: MILLION, costNanoUsd: 9e9 });
  ledger.record({ output: MILLION, costNanoUsd: 15e9 });
  ledger.record({ model: "unknown-1", output: MILLION, costNanoUsd: null });
  ledger.db.exec(`
    UPDATE usage_records SET price_source = 'reported', estimate_level = 'heuristic', reported_nanousd = 9000000000 WHERE seq = 1;
    UPDATE usage_records SET estimate_level = 'heuristic', approximate = 1 WHERE seq = 2;
    UPDATE usage_records SET reported_nanousd = 5000000000 WHERE seq = 3`);
  ledger.close();
  expect(box.json(["pricing", "reprice", "--yes"])).toMatchObject({ changed: 2 });
  expect(
    query(box, "SELECT cost_nanousd / 1000000000 AS cost, price_source AS source, estimate_level AS level FROM usage_records"),
  ).toEqual([
    { cost: 15, source: "genai-prices 0.1.8", level: "exact" },
    { cost: 15, source: null, level: "heuristic" },
    { cost: 5, source: "reported", level: "heuristic" },
  ]);
});

test("prices are those of each record's time", () => {
  const box = sandbox();
  const ledger = ledgerAt(box.db);
  // opus 4.6: prompts above 200,000 tokens cost twice until 2026-03-13.
  for (const day of [12, 13])
    ledger.record({ ts: Date.UTC(2026, 2, day) / 1000, model: "claude-opus-4-6", input: 300_000, costNanoUsd: 1 });
  ledger.close();
  box.boba(["pricing", "reprice", "--yes"]);
  expect(query(box, "SELECT cost_nanousd AS cost FROM usage_records ORDER BY seq")).toEqual([{ cost: 3e9 }, { cost: 1.5e9 }]);
});

test("the notes of the commits concerned follow", () => {
  const box = sandbox();
  const at = box.repo();
  respond(box, { cwd: at, model: "mine-2", output: 2000 });
  box.write(at, "a", "a\n");
  box.git(at, "add", "a");
  box.git(at, "commit", "-qm", "a");
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: at });
  box.boba(["drain"], { cwd: at });
  const note = () => {
    const [ref = ""] = box.git(at, "for-each-ref", "--format=%(refname)", "refs/notes/boba/").split("\n");
    return JSON.parse(box.git(at, "notes", `--ref=${ref}`, "show", "HEAD"));
  };
  expect(note()).toMatchObject({ model: "mine-2", nano_usd: null });
  writeFileSync(join(box.bobaHome, "pricing.yaml"), "models:\n  mine-2: { input_per_mtok: 1, output_per_mtok: 5 }\n");
  box.boba(["pricing", "reprice", "--yes"]);
  box.boba(["drain"], { cwd: at });
  // 2,000 tokens at 5 $ a million.
  expect(note()).toMatchObject({ model: "mine-2", nano_usd: 10_000_000 });
});

test.each([[["--dry-run", "--yes"]], [["--undo", "--dry-run"]], [["--undo", "--since", "7d"]]])("%o do not go together", (options) => {
  const { stderr } = sandbox().boba(["pricing", "reprice", ...options], { expect: 2 });
  expect(stderr).toContain("[BOBA-USE-42]");
});

test("an empty ledger has nothing to price", () => {
  expect(sandbox().boba(["pricing", "reprice", "--yes"]).stdout).toBe("no records to price\n");
});
