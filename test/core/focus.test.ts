import fc from "fast-check";
import { expect, test } from "vitest";
import { EMPTY_RECORD, type ExportedRecord } from "../../src/core/export.ts";
import { focusCharges } from "../../src/core/focus.ts";
import { BILLED, type Rates } from "../../src/core/price.ts";

/** Dollars per million: 3 in, 15 out, 0.3 read, 3.75 and 6 written; 10 per thousand searches. */
const RATES: Rates = { input: 3e9, output: 15e9, cacheRead: 0.3e9, cacheWrite5m: 3.75e9, cacheWrite1h: 6e9, webSearches: 1e13 };
const AT = Date.UTC(2026, 4, 1, 10, 15);
const record = (more: Partial<ExportedRecord>): ExportedRecord => ({ ...EMPTY_RECORD, atMs: AT, sessionId: "s", model: "m", ...more });
const charges = (records: ExportedRecord[], rates: Rates | null = RATES) =>
  [...focusCharges(records, () => rates)].map(({ hourMs, meter, quantity, listNanoUsd }) => [hourMs, meter, quantity, listNanoUsd]);

test("a record becomes a charge for each kind of token that it used, at that kind's price", () => {
  // 1,000 x 3 + 200 x 15 + 2 x 10,000 = 26,000 millionths of a dollar.
  expect(charges([record({ input: 1000, output: 200, webSearches: 2, costNanoUsd: 26_000_000 })])).toEqual([
    [Date.UTC(2026, 4, 1, 10), "input", 1000, 3_000_000],
    [Date.UTC(2026, 4, 1, 10), "output", 200, 3_000_000],
    [Date.UTC(2026, 4, 1, 10), "webSearches", 2, 20_000_000],
  ]);
});

test("records of one hour, session, model and place are one charge; another hour or commit is another", () => {
  const one = { input: 10, costNanoUsd: 30_000 };
  expect(
    charges([
      record(one),
      record({ ...one, atMs: AT + 44 * 60_000 }),
      record({ ...one, commit: "c" }),
      record({ ...one, atMs: AT + 45 * 60_000 }),
    ]),
  ).toEqual([
    [Date.UTC(2026, 4, 1, 10), "input", 20, 60_000],
    [Date.UTC(2026, 4, 1, 10), "input", 10, 30_000],
    [Date.UTC(2026, 4, 1, 11), "input", 10, 30_000],
  ]);
});

test("a charge that holds a record without a price has none; without rates the cost follows the tokens", () => {
  expect(charges([record({ input: 10, costNanoUsd: 30_000 }), record({ input: 1 })])).toEqual([
    [Date.UTC(2026, 4, 1, 10), "input", 11, null],
  ]);
  expect(charges([record({ input: 30, output: 10, costNanoUsd: 101 })], null)).toEqual([
    [Date.UTC(2026, 4, 1, 10), "input", 30, 76],
    [Date.UTC(2026, 4, 1, 10), "output", 10, 25],
  ]);
});

test("the charges add up to the records, to the nano-dollar", () => {
  const count = fc.nat(2_000_000);
  const any = fc.record({
    input: count,
    output: count,
    cacheRead: count,
    cacheWrite5m: count,
    cacheWrite1h: count,
    webSearches: fc.nat(9),
    costNanoUsd: fc.nat(2 ** 40),
  });
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 9 }), fc.boolean(), (made, priced) => {
      const records = made.map(record).filter((one) => BILLED.some((meter) => one[meter] > 0));
      const sum = (values: readonly (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);
      expect(sum(charges(records, priced ? RATES : null).map((charge) => charge[3] as number))).toBe(
        sum(records.map(({ costNanoUsd }) => costNanoUsd)),
      );
    }),
  );
});
