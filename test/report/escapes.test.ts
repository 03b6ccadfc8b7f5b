import { describe, expect, it } from "vitest";
import { summarise, zeroCounts } from "../../src/core/summary.ts";
import { csvCell, reportCsv } from "../../src/report/csv.ts";
import { reportJson } from "../../src/report/json.ts";
import { escapeMarkdown, reportMarkdown } from "../../src/report/markdown.ts";
import { reportTable } from "../../src/report/table.ts";

const HOSTILE = "=cmd|' /C calc'!A0`@team</script><img src=x>\u001b[2J\u202e\n\"x\",y";
const pieces = [
  {
    id: "1",
    labels: {
      key: "a".repeat(40),
      commit: "a".repeat(40),
      subject: HOSTILE,
      author: HOSTILE,
      branch: HOSTILE,
      repo: HOSTILE,
      bucket: "committed" as const,
    },
    counts: { ...zeroCounts(), requests: 1, costNanoUsd: 1_000_000_000 },
  },
];
const summary = summarise("commit", pieces);
const report = {
  range: { fromS: null, toS: null },
  summary,
  footnotes: { unpricedModels: [], skipped: { lines: 0, files: 0, reasons: {} } },
};
const clock = { offsetMs: () => 0 };

describe("names that want to be more than names", () => {
  it("cannot leave a table row or steer the terminal", () => {
    const text = reportTable(report, { columns: 400, colour: false }, clock);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text.split("\n").filter((line) => line.includes("calc"))).toHaveLength(1);
    expect(text).toContain("\\u001b[2J\\u202e");
  });

  it("are no formula and one cell in CSV", () => {
    expect(csvCell("=1+1")).toBe("'=1+1");
    expect(csvCell(" @SUM(A1)")).toBe("' @SUM(A1)");
    expect(["+1", "-1"].map(csvCell)).toEqual(["'+1", "'-1"]);
    expect(csvCell('say "hi", you')).toBe('"say ""hi"", you"');
    expect(csvCell("a\r\nb")).toBe('"a\r\nb"');
    expect(csvCell(-5)).toBe("-5");
    const lines = reportCsv(summary).split("\r\n");
    expect(lines[0]).toBe(
      "commit,repo,branch,subject,author,bucket,requests,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,total_tokens,cost_usd,cost_nano_usd,unpriced_requests",
    );
    expect(lines).toHaveLength(3);
    const cell = `"'=cmd|' /C calc'!A0\`@team</script><img src=x>\\u001b[2J\\u202e ""x"",y"`;
    expect(lines[1]).toBe(`${"a".repeat(40)},${cell},${cell},${cell},${cell},committed,1,0,0,0,0,0,1,1000000000,0`);
  });

  it("are text in Markdown", () => {
    expect(escapeMarkdown("a|b`c<d>@e\n\\f www.x.org http://y")).toBe("a\\|b\\`c&lt;d&gt;&#64;e \\\\f www&#46;x.org http&#58;//y");
    const text = reportMarkdown(report, clock);
    expect(text).not.toContain("<img");
    expect(text).not.toContain("@team");
    const row = text.split("\n").find((line) => line.includes("calc")) as string;
    // Cells are divided by bars that are not escaped: commit, subject, author, branch, requests, tokens, cost, share.
    expect(row.split(/(?<!\\)\|/)).toHaveLength(10);
  });

  it("are the same value in JSON, without raw controls", () => {
    const text = reportJson(report);
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(JSON.parse(text).rows[0].subject).toBe(HOSTILE);
  });
});
