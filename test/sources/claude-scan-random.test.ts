/** The scan of lines against JSON.parse, with lines made at random. */
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sandbox } from "../helpers/sandbox.ts";
import { brokenLog, oddLog } from "./odd-lines.ts";
import { readBoth } from "./scanned.ts";

test.each([
  ["lines that say odd things", oddLog, 1200],
  ["lines with broken bytes", brokenLog, 800],
])("%s read the same", (_, logs, numRuns) => {
  const file = join(sandbox().dir, "log.jsonl");
  const sum = { known: 0, left: 0, records: 0, skipped: 0 };
  fc.assert(
    fc.property(logs, (bytes) => {
      const { plain, scanned, known, left } = readBoth(bytes, file);
      expect(scanned).toStrictEqual(plain);
      sum.known += known;
      sum.left += left;
      sum.records += plain.records.length;
      sum.skipped += plain.skipped.length;
    }),
    { numRuns },
  );
  // Otherwise the lines would not try what they are for.
  for (const count of Object.values(sum)) expect(count).toBeGreaterThan(numRuns / 10);
});
