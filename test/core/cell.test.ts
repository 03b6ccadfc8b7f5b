import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { cellId, unionCells } from "../../src/core/cell.ts";
import { cell } from "../helpers/cells.ts";

test("an id is the first 16 hex of SHA-256 over session, model and first commit", () => {
  const sha = "a".repeat(40);
  const byHand = createHash("sha256").update(`boba.cell.v1\0s1\0model-a\0${sha}`).digest("hex").slice(0, 16);
  expect(cellId("s1", "model-a", sha)).toBe(byHand);
  expect(cellId("s1model", "-a", sha)).not.toBe(byHand);
});

test("the union keeps one cell an id: most requests, then most tokens, then the first", () => {
  const small = cell("1", { requests: 2, input: 900 });
  const large = cell("1", { requests: 3, input: 1 });
  const tieFewer = cell("2", { input: 5 });
  const tieMore = cell("2", { input: 6 });
  const first = cell("3", { nanoUsd: 7 });
  const second = cell("3", { nanoUsd: 8 });
  const union = unionCells([small, large, tieMore, tieFewer, first, second]);
  expect(union).toEqual([large, tieMore, first]);
  expect(unionCells([large, small, tieFewer, tieMore, first, second])).toEqual([large, tieMore, first]);
});
