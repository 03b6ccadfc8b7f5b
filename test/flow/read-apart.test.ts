/** Large logs are read in a thread: the same records as without one, and a thread that dies or stands still stops nobody else. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { collect } from "../../src/flow/collect.ts";
import { openPlacer } from "../../src/flow/places.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import { openLedger } from "../../src/store/open.ts";
import { claudeLine, claudeLog } from "../helpers/agent.ts";
import { PROJECT, type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { layOut } from "../sources/fixture.ts";
import { query, storedTotal } from "./stored.ts";
import { BEAT } from "../../src/flow/serve-reads.ts";

const READER = join(PROJECT, "dist", "reader.js");
const LINES = 9000;
const FILLER = "x".repeat(1200);

/** Two logs of 9,000 responses, each over 8 MiB: together worth a thread. Every response costs as many tokens as its number. */
function large(box: Sandbox): void {
  for (const session of ["one", "two"]) {
    const lines = Array.from({ length: LINES }, (_, n) =>
      claudeLine({ cwd: "/w", output: n + 1, session, id: `${session}-${n}`, branch: FILLER }),
    );
    writeFileSync(claudeLog(box, "/w", session), `${lines.join("\n")}\n`);
  }
}

async function collectWith(box: Sandbox, reader: { file: string; patienceMs: number }) {
  const paths = resolvePaths(box.env);
  const db = openLedger(paths.db);
  const app = { paths, env: box.env, cwd: box.dir, now: Date.now, log: { write: () => undefined }, progress: () => undefined, reader };
  try {
    return await collect(app, db, openPlacer(db, box.env));
  } finally {
    db.close();
  }
}

function program(box: Sandbox, text: string): string {
  const path = join(box.dir, "program.mjs");
  writeFileSync(path, text);
  return path;
}

test("a thread hands over the same records, once", async () => {
  const box = sandbox();
  large(box);
  expect(await collectWith(box, { file: READER, patienceMs: 60_000 })).toMatchObject({ newRecords: 2 * LINES, filesRead: 2, errors: [] });
  expect(storedTotal(box)).toMatchObject({ records: 2 * LINES, output: LINES * (LINES + 1) });
  expect(await collectWith(box, { file: READER, patienceMs: 60_000 })).toMatchObject({ newRecords: 0, filesRead: 0 });
});

test.each([
  ["crashes", "throw new Error('prompt text that nobody may see');", /^reading ended \(it crashed\)$/],
  ["ends without a word", "process.exit(3);", /^reading ended/],
  ["loops for ever", "for (;;);", /^reading stopped: nothing came for 0\.3 s$/],
])(
  "a thread that %s is told, the other sources are collected, and nothing is half stored",
  { timeout: 120_000 },
  async (_, text, message) => {
    const box = sandbox();
    large(box);
    layOut("codex", box.home);
    const begin = `import { workerData } from "node:worker_threads";\nAtomics.add(new Int32Array(workerData.beat), ${BEAT.steps}, 1);\n`;
    const result = await collectWith(box, { file: program(box, begin + text), patienceMs: 300 });
    expect(result.errors.map((error) => error.source)).toEqual(["claude-code", "claude-code"]);
    for (const error of result.errors) expect(error.message).toMatch(message);
    const tools = query<{ tool: string; records: number }>(box, "SELECT tool, COUNT(*) AS records FROM usage_records GROUP BY tool");
    expect(tools).toEqual([{ tool: "codex", records: expect.any(Number) }]);
    const told = query<{ reason: string }>(box, "SELECT reason FROM skipped WHERE line = 0");
    expect(told).toHaveLength(2);
    expect(JSON.stringify(told)).not.toContain("prompt text");
    // What stood still is left until it changes; then it is read whole.
    mkdirSync(join(box.home, ".claude", "projects", "-w"), { recursive: true });
    for (const session of ["one", "two"]) {
      const log = claudeLog(box, "/w", session);
      writeFileSync(log, `${claudeLine({ cwd: "/w", output: 1, session, id: `again-${session}` })}\n`, { flag: "a" });
    }
    expect(await collectWith(box, { file: READER, patienceMs: 60_000 })).toMatchObject({ newRecords: 2 * LINES + 2, errors: [] });
    expect(query(box, "SELECT reason FROM skipped WHERE line = 0")).toEqual([]);
  },
);

test("a thread that cannot begin is told, and no log is blamed for it", async () => {
  const box = sandbox();
  large(box);
  const result = await collectWith(box, { file: join(box.dir, "gone.mjs"), patienceMs: 60_000 });
  expect(result).toMatchObject({
    newRecords: 0,
    errors: [{ source: "claude-code", message: expect.stringMatching(/^reading ended/) as string }],
  });
  expect(query(box, "SELECT reason FROM skipped")).toEqual([]);
  expect(await collectWith(box, { file: READER, patienceMs: 60_000 })).toMatchObject({ newRecords: 2 * LINES, errors: [] });
});
