/** A call that names no profile: rules decide, fallbacks step in, budgets hold it back. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { sandbox } from "../helpers/sandbox.ts";
import { provider } from "./provider.ts";
import { runBoba, writeProfiles } from "./run-boba.ts";

it("is decided by the first rule that holds, passed on when that profile is busy, and refused by a budget that is used up", async () => {
  const box = sandbox();
  const server = await provider();
  const repo = box.repo();
  const cost_per_1k = { input: 1, output: 2 };
  const profile = (model: string) => ({ provider: "anthropic", endpoint: server.url, model, cost_per_1k });
  writeProfiles(box, {
    busy: profile("m-429"),
    spare: profile("m-spare"),
    usual: profile("m-usual"),
    agent: { provider: "x", command: "claude" },
  });
  const rules = [
    { id: "long", if: "ctx_chars > 20 && tool == 'boba'", use: "busy", fallback: ["agent", "spare"], explain: "long texts" },
    { id: "program", if: "text.contains('program')", use: "agent" },
  ];
  writeFileSync(join(box.bobaHome, "routes.yaml"), JSON.stringify({ rules }));
  const call = (prompt: string) => runBoba(box, ["call", prompt], { cwd: repo });
  const long = await call("a question of more than twenty characters");
  expect(long.code).toBe(0);
  expect(long.stderr).toMatch(/^boba: .* answered 429: slow down \(rate_limit_error\); asking spare\n$/);
  expect((await call("a program")).stderr).toContain("[BOBA-USE-64]");
  expect((await call("short")).stderr).toContain("[BOBA-USE-61]");
  // The first call cost 0.88 $.
  writeFileSync(join(box.bobaHome, "settings.yaml"), "profile: usual\nbudget:\n  daily_usd: 1.5\n  enforce: true\n");
  expect((await call("short")).code).toBe(0);
  const over = await call("short");
  expect(over).toMatchObject({ code: 1, stdout: "" });
  expect(over.stderr).toContain("[BOBA-BUD-1]");
  const agent = await runBoba(box, ["run", "true"], { cwd: repo });
  expect(agent).toMatchObject({ code: 1, stderr: expect.stringContaining("[BOBA-BUD-1]") });
  const db = new Database(box.db, { readonly: true });
  expect(db.prepare("SELECT profile, rule_id, model FROM usage_records ORDER BY seq").raw().all()).toEqual([
    ["spare", "long", "m-spare"],
    ["usual", null, "m-usual"],
  ]);
  db.close();
});

it("is passed on when a refusal breaks off, and not sent at all where it could not be booked", async () => {
  const box = sandbox();
  const server = await provider();
  const profile = (model: string) => ({ provider: "anthropic", endpoint: server.url, model, cost_per_1k: { input: 1, output: 2 } });
  writeProfiles(box, { down: profile("m-503"), spare: profile("m-spare") });
  const rules = [{ id: "all", if: "true", use: "down", fallback: ["spare"] }];
  writeFileSync(join(box.bobaHome, "routes.yaml"), JSON.stringify({ rules }));
  const passed = await runBoba(box, ["call", "x"], { cwd: box.dir });
  expect([passed.code, passed.stderr]).toEqual([0, expect.stringMatching(/^boba: .* answered 503.*; asking spare\n$/)]);
  expect(server.requests.map(({ body }) => body.model)).toEqual(["m-503", "m-spare"]);
  writeFileSync(join(box.bobaHome, "pricing.yaml"), "models: 7\n");
  const unbooked = await runBoba(box, ["call", "--profile", "spare", "x"], { cwd: box.dir });
  expect([unbooked.code, unbooked.stdout]).toEqual([2, ""]);
  expect(server.requests).toHaveLength(2);
});

it.each([
  ["no model", { model: undefined }, "profile tried names no model"],
  ["no address", { provider: "elsewhere", endpoint: undefined }, "profile tried has no endpoint"],
  ["no secret", { headers: { "x-api-key": "secret://nowhere" } }, 'there is no secret "nowhere"'],
  ["a key that is refused", { headers: { "x-api-key": "old" } }, "401"],
])("a profile that is only tried and has %s gives way to the one that the rules say", async (_, lack, told) => {
  const box = sandbox();
  const server = await provider();
  server.keys = new Set(["good"]);
  const own = { provider: "anthropic", endpoint: server.url, model: "m", headers: { "x-api-key": "good" } };
  writeProfiles(box, { own, tried: { ...own, ...lack } });
  const rules = [{ id: "all", if: "true", use: "own" }];
  writeFileSync(join(box.bobaHome, "routes.yaml"), JSON.stringify({ rules, exploration: { enabled: true, rate: 1 } }));
  const { code, stdout, stderr } = await runBoba(box, ["call", "hello", "--format", "json"]);
  expect(stderr).toContain(told);
  expect(stderr).toContain("; asking own\n");
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { profile: "own", rule: "all", explore: false, usage_status: "exact" }]);
});
