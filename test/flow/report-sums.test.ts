/** Whatever is in the ledger, the rows of every grouping add up to what a plain loop over the records adds up to. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addCounts, type Counts, GROUPINGS, type Grouping, zeroCounts } from "../../src/core/summary.ts";
import { report } from "../../src/flow/report.ts";
import { appAt } from "../helpers/app.ts";
import { ledgerAt, type RecordRow } from "../helpers/ledger.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const REPOS = [1, 2, 3];
const BRANCHES = ["main", "feat/ABC-1-x", "fix/ABC-1-y", "DEF-22", "outside"];
const SHAS = ["a".repeat(40), "b".repeat(40), "c".repeat(40)];
const AUTHORS: Record<string, string> = { a: "Ada", b: "Ada", c: "pending" };

const place = fc.oneof(
  fc.constant({ repo: null, branch: null, commit: null }),
  fc.record({
    repo: fc.constantFrom(...REPOS),
    branch: fc.option(fc.constantFrom(...BRANCHES)),
    commit: fc.option(fc.constantFrom(...SHAS)),
  }),
);
const tokens = fc.nat(1_000_000);
const record = fc
  .tuple(
    place,
    fc.record({
      ts: fc.integer({ min: NOW / 1000 - 40 * 86_400, max: NOW / 1000 }),
      session: fc.constantFrom("s1", "s2", "s3"),
      tool: fc.constantFrom("claude-code", "codex"),
      model: fc.constantFrom("opus", "sonnet", "gpt"),
      input: tokens,
      output: tokens,
      cacheRead: tokens,
      write5m: tokens,
      write1h: tokens,
      costNanoUsd: fc.option(fc.nat(2_000_000_000)),
      estimate: fc.constantFrom("exact", "mapped", "heuristic"),
      project: fc.option(fc.constantFrom("p1", "p2"), { freq: 3 }),
    }),
  )
  .map(([where, rest]): Required<Omit<RecordRow, "worktree" | "latencyMs">> => ({ ...rest, ...where }));
type Made = Required<Omit<RecordRow, "worktree" | "latencyMs">>;

function countsOf(row: Made): Counts {
  const priced = row.costNanoUsd !== null;
  return {
    requests: 1,
    inputTokens: row.input,
    outputTokens: row.output,
    cacheReadTokens: row.cacheRead,
    cacheWriteTokens: row.write5m + row.write1h,
    costNanoUsd: row.costNanoUsd ?? 0,
    unpricedRequests: priced ? 0 : 1,
  };
}

/** The naive model. Commit c is abandoned in every repository. Times in UTC, which TZ is set to below. */
function keyOf(by: Grouping, row: Made): string {
  const day = new Date(row.ts * 1000).toISOString().slice(0, 10);
  const bucket = row.repo === null ? "outside" : row.commit === null ? "pending" : row.commit.startsWith("c") ? "abandoned" : null;
  switch (by) {
    case "model":
      return row.model;
    case "tool":
      return row.tool;
    case "session":
      return row.session;
    case "estimate":
      return row.costNanoUsd === null ? "unpriced" : row.estimate;
    case "day":
      return day;
    case "month":
      return day.slice(0, 7);
    case "commit":
      return bucket ?? `${row.repo}:${row.commit}`;
    case "state":
      // The repositories are made up: what refs reach of them cannot be told apart further.
      return bucket ?? "open";
    case "author":
      return bucket ?? (AUTHORS[(row.commit as string).charAt(0)] as string);
  }
  if (row.repo === null) return "outside";
  if (by === "repo") return `name${row.repo}`;
  if (by === "project") return row.project ?? `name${row.repo}`;
  if (by === "branch") return `${row.repo}:${row.branch ?? "(no branch)"}`;
  if (by === "ticket") return /ABC-1|DEF-22/.exec(row.branch ?? "")?.[0] ?? "(no ticket)";
  return "week";
}

describe("sums of a report", () => {
  const zone = process.env["TZ"];
  beforeAll(() => {
    process.env["TZ"] = "UTC";
  });
  afterAll(() => {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  });

  it.each(GROUPINGS.filter((by) => by !== "week"))("by %s", async (by) => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 40 }), fc.option(fc.integer({ min: 1, max: 4 })), async (rows, top) => {
        const app = { ...appAt(NOW) };
        const ledger = ledgerAt(app.paths.db);
        for (const id of REPOS) {
          ledger.repo(`name${id}`);
          for (const sha of SHAS) ledger.commit(id, sha, { author: AUTHORS[sha.charAt(0)] as string, reachable: !sha.startsWith("c") });
        }
        for (const row of rows) ledger.record(row);
        ledger.close();

        const { summary } = await report(app, { by, top, import: false });
        const expected = new Map<string, Counts>();
        const all = zeroCounts();
        for (const row of rows) {
          const key = keyOf(by, row);
          const counts = expected.get(key) ?? zeroCounts();
          addCounts(counts, countsOf(row));
          expected.set(key, counts);
          addCounts(all, countsOf(row));
        }
        expect(summary.totals).toEqual(all);
        const sum = zeroCounts();
        for (const row of summary.rows) addCounts(sum, row.counts);
        expect(sum).toEqual(all);
        if (top !== null) {
          expect(summary.rows.filter((row) => row.bucket === undefined || row.bucket === "committed").length).toBeLessThanOrEqual(top + 2);
          return;
        }
        const nameOf = (repo: string | undefined) => String(repo).replace("name", "");
        const found = summary.rows.map((row): [string, Counts] => {
          const special = row.bucket !== undefined && row.bucket !== "committed";
          return [!special && (by === "branch" || by === "commit") ? `${nameOf(row.repo)}:${row.key}` : row.key, row.counts];
        });
        expect(new Map(found)).toEqual(expected);
        expect(found.length).toBe(expected.size);
        for (const row of summary.rows.filter((each) => each.split !== undefined && each.bucket !== "outside")) {
          const { committed, pending, abandoned } = row.split as NonNullable<typeof row.split>;
          expect(committed.costNanoUsd + pending.costNanoUsd + abandoned.costNanoUsd).toBe(row.counts.costNanoUsd);
          expect(committed.requests + pending.requests + abandoned.requests).toBe(row.counts.requests);
        }
      }),
      { numRuns: 12 },
    );
  });
});
