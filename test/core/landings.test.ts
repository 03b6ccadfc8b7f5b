import { expect, it } from "vitest";
import type { Cell } from "../../src/core/cell.ts";
import { landingsOf } from "../../src/core/landings.ts";

const cell = (id: string): Cell => ({
  id,
  tool: "claude-code",
  model: "m",
  branch: null,
  requests: 1,
  input: 0,
  output: 1,
  cacheRead: 0,
  cacheWrite: 0,
  nanoUsd: 1,
  unpriced: 0,
  fromS: 0,
  toS: 0,
});

it("a commit that is gone landed where all that it held is noted, on a commit that is there", () => {
  const own = new Map([
    ["gone", [cell("a"), cell("b")]],
    ["torn", [cell("a"), cell("c")]],
    ["here", [cell("a")]],
    ["lost", [cell("d")]],
  ]);
  const noted = [
    { cell: cell("a"), commits: ["squash", "gone", "here"] },
    { cell: cell("b"), commits: ["squash", "gone"] },
    { cell: cell("c"), commits: ["other"] },
    { cell: cell("d"), commits: ["away"] },
  ];
  const away = new Set(["gone", "torn", "lost", "away"]);
  const found = landingsOf(
    own,
    noted,
    (sha) => away.has(sha),
    (shas) => shas[0],
  );
  // The parts of `torn` are on two commits, and what `lost` held is only on another commit that is gone.
  expect([...found]).toEqual([["gone", "squash"]]);
});
