import { renameSync } from "node:fs";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CodexCorpus, growCodexCorpus, lastTurn, makeCodexCorpus } from "../helpers/codex-corpus.ts";
import { generator } from "../helpers/corpus.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { collectIn, query, storedBySession, storedTotal } from "../flow/stored.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 15, 24];
const collect = (box: Sandbox) => collectIn(box, undefined, { sources: ["codex"] });
const home = (box: Sandbox) => join(box.home, ".codex");

function writeAll(corpus: CodexCorpus, box: Sandbox): void {
  for (const _ of growCodexCorpus(corpus, home(box), [lastTurn(corpus)], () => 0));
}

function expectTotals(box: Sandbox, corpus: CodexCorpus): void {
  expect(storedBySession(box)).toEqual(corpus.bySession);
  expect(storedTotal(box)).toEqual(corpus.total);
  expect(query(box, "SELECT sum(reasoning_tokens) AS reasoning, sum(fast * output_tokens) AS fastOutput FROM usage_records")).toEqual([
    { reasoning: corpus.reasoning, fastOutput: corpus.fastOutput },
  ]);
}

describe.each(SEEDS)("seed %i", (seed) => {
  test("read once, read again, and after a session was archived", async () => {
    const box = sandbox();
    const corpus = makeCodexCorpus(seed);
    expect(corpus.naiveOutput).toBeGreaterThan(corpus.total.output * 1.5);
    writeAll(corpus, box);
    expect(await collect(box)).toMatchObject({ newRecords: corpus.total.records, skippedLines: 0, errors: [] });
    expectTotals(box, corpus);
    expect(await collect(box)).toMatchObject({ newRecords: 0, grownRecords: 0, filesRead: 0 });
    const { path } = corpus.files.find((file) => file.path.startsWith("sessions")) as { path: string };
    const moved = join(home(box), "archived_sessions", path.split("/").at(-1) as string);
    mkdirSync(dirname(moved), { recursive: true });
    renameSync(join(home(box), path), moved);
    expect(await collect(box)).toMatchObject({ newRecords: 0, grownRecords: 0, filesRead: 1, errors: [] });
    expectTotals(box, corpus);
  });

  test("read as it grows, cut at any byte", async () => {
    const box = sandbox();
    const corpus = makeCodexCorpus(seed);
    const random = generator(seed + 1000);
    const last = lastTurn(corpus);
    const turns = Array.from({ length: 12 }, () => Math.floor(random() * last)).sort((a, b) => a - b);
    for (const _ of growCodexCorpus(corpus, home(box), [...turns, last], (bytes) => Math.floor(random() * (bytes + 1)))) {
      expect(await collect(box)).toMatchObject({ skippedLines: 0, errors: [] });
    }
    expectTotals(box, corpus);
  });
});
