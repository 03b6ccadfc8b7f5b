import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { respond } from "../helpers/agent.ts";
import { BOBA, sandbox } from "../helpers/sandbox.ts";
import { commit, talk } from "../helpers/work.ts";

/** Value of a sample by its line up to the value. */
const valueOf = (text: string, sample: string): number | undefined => {
  const line = text.split("\n").find((row) => row.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
};

test("sums by repository, tool and model; what is committed, what waits, and the guide's daily figures", () => {
  const box = sandbox();
  const repo = box.repo("shop");
  // Sonnet: 15 $ a million output tokens.
  talk(box, repo, 1000);
  commit(box, repo, "a.txt");
  talk(box, repo, 2000);
  respond(box, { cwd: "/w", output: 10, model: 'odd"model\\' });
  const text = box.boba(["metrics"]).stdout;
  const labels = 'tool="claude-code",provider="anthropic",model="claude-sonnet-4-5-20250929"';
  expect(valueOf(text, `boba_cost_usd_total{repo="shop",${labels}}`)).toBe(0.045);
  expect(valueOf(text, 'boba_tokens_total{repo="shop",tool="claude-code",model="claude-sonnet-4-5-20250929",type="output"}')).toBe(3000);
  expect(valueOf(text, 'boba_requests_total{repo="(outside)",tool="claude-code",model="odd\\"model\\\\"}')).toBe(1);
  expect(valueOf(text, 'boba_unattributed_cost_usd{repo="shop"}')).toBe(0.03);
  expect(valueOf(text, 'boba_commits_total{repo="shop",attributed="true"}')).toBe(1);
  expect(valueOf(text, "boba_unpriced_requests")).toBe(1);
  expect([
    valueOf(text, "bobamixer_daily_cost"),
    valueOf(text, "bobamixer_daily_requests"),
    valueOf(text, "bobamixer_daily_tokens"),
  ]).toEqual([0.045, 3, 3010]);
  const types = text
    .split("\n")
    .filter((row) => row.startsWith("# TYPE"))
    .map((row) => row.split(" ")[2]);
  expect(new Set(types).size).toBe(types.length);
});

test("counters do not fall when repriced records are pruned, nor when repricing is taken back", () => {
  const box = sandbox();
  const repo = box.repo("shop");
  talk(box, repo, 1000);
  talk(box, repo, 2000);
  commit(box, repo, "a.txt");
  talk(box, repo, 4000);
  respond(box, { cwd: "/w", output: 8000 });
  box.boba(["import"]);
  // Collected at a third of the list price of 15 $ a million (one without any), and all but the last in the repository long ago.
  const db = new Database(box.db);
  db.exec("UPDATE usage_records SET cost_nanousd = CASE output_tokens WHEN 2000 THEN NULL ELSE cost_nanousd / 3 END");
  db.exec("UPDATE usage_records SET ts = ts - 100 * 86400, ts_ms = ts_ms - 100 * 86400000 WHERE output_tokens <> 4000");
  db.close();
  const counters = () =>
    box
      .boba(["metrics", "--no-import"])
      .stdout.split("\n")
      .filter((line) => /^boba_(\w+_total|cost_adjustment_usd)\b/.test(line));
  const labels = 'tool="claude-code",provider="anthropic",model="claude-sonnet-4-5-20250929"';
  const collected = counters();
  box.boba(["pricing", "reprice", "--yes"]);
  const repriced = counters();
  const isTotal = (line: string) => !line.startsWith("boba_cost_adjustment_usd");
  expect(repriced.filter(isTotal)).toEqual(collected.filter(isTotal));
  // 0.005 + 0 + 0.02 and 0.04 were collected; repricing made it 0.015 + 0.03 + 0.06 and 0.12.
  expect(repriced).toContain(`boba_cost_usd_total{repo="shop",${labels}} 0.025`);
  expect(repriced).toContain(`boba_cost_usd_total{repo="(outside)",${labels}} 0.04`);
  expect(repriced).toContain("boba_cost_adjustment_usd 0.16");
  expect(repriced).toContain('boba_commits_total{repo="shop",attributed="true"} 1');
  expect(box.json(["db", "prune", "--older-than", "90d"]).records).toBe(3);
  expect(counters()).toEqual(repriced);
  box.boba(["pricing", "reprice", "--undo"]);
  expect(counters()).toEqual(repriced.map((line) => (isTotal(line) ? line : "boba_cost_adjustment_usd 0.12")));
});

test("the textfile appears whole, readable by the exporter, and only in a folder that is there", () => {
  const box = sandbox();
  const folder = join(box.dir, "textfile");
  mkdirSync(folder);
  box.boba(["metrics", "--textfile", folder]);
  const path = join(folder, "boba.prom");
  expect(readFileSync(path, "utf8")).toContain("boba_build_info{version=");
  expect(statSync(path).mode & 0o777).toBe(0o644);
  expect(box.boba(["metrics", "--textfile", join(box.dir, "none")], { expect: 1 }).stderr).toContain("BOBA-FS-3");
});

test("served on this machine alone, until it is told to end", async () => {
  const box = sandbox();
  respond(box, { cwd: "/w", output: 1000 });
  expect(box.boba(["metrics", "--listen", "0.0.0.0:80"], { expect: 2 }).stderr).toContain("BOBA-USE-43");
  const child = spawn(process.execPath, [BOBA, "metrics", "--listen", "0"], { env: box.env, stdio: ["ignore", "pipe", "pipe"] });
  const [told] = (await once(child.stderr, "data")) as [Buffer];
  const url = /http:\S+metrics/.exec(told.toString())?.[0] as string;
  const ask = (host?: string, path?: string): Promise<{ status: number | undefined; text: string }> =>
    new Promise((resolve, reject) => {
      get(url, { ...(host === undefined ? {} : { headers: { host } }), ...(path === undefined ? {} : { path }) }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => resolve({ status: response.statusCode, text }));
      }).on("error", reject);
    });
  const answer = await ask();
  expect(answer.status).toBe(200);
  expect(valueOf(answer.text, "bobamixer_daily_cost")).toBe(0.015);
  expect((await ask("attacker.example")).status).toBe(403);
  // No address at all, and one with a question.
  expect((await ask(undefined, "//")).status).toBe(404);
  expect((await ask(undefined, "/metrics?format=text")).status).toBe(200);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});
