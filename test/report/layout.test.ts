import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { zeroCounts, summarise } from "../../src/core/summary.ts";
import { displayWidth } from "../../src/core/text.ts";
import { reportTable } from "../../src/report/table.ts";

const counts = (costNanoUsd: number) => ({ ...zeroCounts(), requests: 12, inputTokens: 1_200, outputTokens: 3_400, costNanoUsd });
const clock = { offsetMs: () => 0 };
const footnotes = { unpricedModels: [["m".repeat(60), 3]] as const, skipped: { lines: 2, files: 0, reasons: { "not JSON": 2 } } };

function table(columns: number, names: readonly string[], colour = false): string {
  const pieces = names.map((key, at) => ({
    id: String(at),
    labels: { key, repo: `github.com/acme/repo${at % 2}`, branch: key },
    counts: counts((at + 1) * 1_230_000_000),
    home: "committed" as const,
  }));
  return reportTable({ range: { fromS: null, toS: null }, summary: summarise("branch", pieces), footnotes }, { columns, colour }, clock);
}

describe("tables", () => {
  it.each([40, 80, 200])("fit %i columns whatever the branches are called", (columns) => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 120 }), { minLength: 1, maxLength: 6 }), (names) => {
        const lines = table(columns, names).split("\n");
        const tooWide = lines.filter((line) => displayWidth(line) > columns && !line.includes("m".repeat(60)));
        expect(tooWide).toEqual([]);
        // The cost is never cut: 1.23 is the first, cheapest, row.
        expect(lines.some((line) => line.endsWith("$1.23"))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("at 80 columns shows every column, aligned, and the total", () => {
    expect(table(80, ["main", "feat/x"]).split("\n").slice(0, 8)).toEqual([
      "Cost by branch, all time",
      "",
      "branch  repo   requests  tokens  committed  pending  abandoned   cost",
      "─".repeat(69),
      "feat/x  repo1        12    4.6K      $2.46        -          -  $2.46",
      "main    repo0        12    4.6K      $1.23        -          -  $1.23",
      "─".repeat(69),
      "total                24    9.2K      $3.69        -          -  $3.69",
    ]);
  });

  it("narrow keeps the name and the cost, and drops what fits least", () => {
    expect(table(80, ["main"]).split("\n")[2]).toBe("branch  requests  tokens  committed  pending  abandoned   cost");
    expect(table(40, ["main"]).split("\n")[2]).toBe("branch  requests   cost");
    expect(table(30, ["a-branch-with-a-long-name"]).split("\n")[4]).toBe("a-branch-with-a-long-n…  $1.23");
  });

  it("marks text only where colour is wanted", () => {
    expect(table(80, ["main"])).not.toContain("\u001b");
    expect(table(80, ["main"], true)).toContain("\u001b[1m");
  });
});
