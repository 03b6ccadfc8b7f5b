import { expect, test } from "vitest";
import { costOfRange, sumCells } from "../../src/core/ci.ts";
import { parseUsd } from "../../src/core/max-usd.ts";
import { cell } from "../helpers/cells.ts";

const range = ["ccc", "bbb", "aaa"].map((sha) => ({ sha, subject: `about ${sha}` }));

test("a cell on several commits counts once, at the newest, with its largest figures", () => {
  const cost = costOfRange(
    range,
    new Map([
      ["aaa", [cell("1", { requests: 5, nanoUsd: 5 }), cell("2", { nanoUsd: 70 })]],
      ["bbb", [cell("1", { requests: 3, nanoUsd: 3 })]],
    ]),
  );
  expect(cost.total).toMatchObject({ requests: 7, tokens: 200, nanoUsd: 75n });
  expect(cost.commits.map(({ own }) => own.nanoUsd)).toEqual([null, 5n, 70n]);
  expect(cost.commits.map(({ cells }) => cells.length)).toEqual([0, 1, 2]);
  expect(cost.commitsWithData).toBe(2);
});

test("models are grouped with their tool, the dearest first, those without a price last", () => {
  const cost = costOfRange(
    range,
    new Map([
      [
        "aaa",
        [
          cell("1", { model: "cheap", nanoUsd: 1 }),
          cell("2", { model: "dear", nanoUsd: 50 }),
          cell("3", { model: "dear", nanoUsd: 25 }),
          cell("4", { model: "dear", tool: "codex", nanoUsd: 2 }),
          cell("5", { model: "unknown", nanoUsd: null, unpriced: 2 }),
        ],
      ],
    ]),
  );
  expect(cost.models.map(({ tool, model, sums }) => [tool, model, sums.nanoUsd, sums.requests])).toEqual([
    ["claude-code", "dear", 75n, 4],
    ["codex", "dear", 2n, 2],
    ["claude-code", "cheap", 1n, 2],
    ["claude-code", "unknown", null, 2],
  ]);
  expect(cost.total).toMatchObject({ nanoUsd: 78n, unpriced: 2, requests: 10 });
});

test("sums of hostile size stay exact", () => {
  const huge = Array.from({ length: 10 }, (_, at) => cell(String(at), { nanoUsd: 1e15 - 1 }));
  expect(sumCells(huge).nanoUsd).toBe(9_999_999_999_999_990n);
});

test("a limit is read to the nano-dollar and nothing else is taken for one", () => {
  expect(parseUsd("20")).toBe(20_000_000_000n);
  expect(parseUsd("0.1")).toBe(100_000_000n);
  expect(parseUsd("$1.000000001")).toBe(1_000_000_001n);
  for (const wrong of ["", "-1", "1e3", "1,5", "NaN", "Infinity", "1.", "9999999999"])
    expect(() => parseUsd(wrong)).toThrow(/not an amount/);
});
