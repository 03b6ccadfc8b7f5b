import { expect, test } from "vitest";
import { crowd } from "./crowd.ts";

test("ten processes that write, read and back up: nobody is told of a lock, and nothing is lost", { timeout: 120_000 }, async () => {
  const { faults, moments } = await crowd({ processes: 10, seconds: 4 });
  expect(faults).toEqual([]);
  expect(Object.keys(moments).length).toBeGreaterThan(8);
});
