/** `boba run`: credentials for the agent alone; its words, input, signals, terminal and exit status are its own; what it spent is booked. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { claudeLine, claudeLog } from "../helpers/agent.ts";
import { BOBA, sandbox, type Sandbox } from "../helpers/sandbox.ts";
import { fakeAgent } from "./fake-agent.ts";
import { runBoba, startBoba, until, writeProfiles, writeSecrets } from "./run-boba.ts";

const KEY = "sk-SENTINEL-run-0123456789";
const hasProc = statSync("/proc/self/stat", { throwIfNoEntry: false }) !== undefined;

function setup(): { box: Sandbox; agent: ReturnType<typeof fakeAgent>; repo: string } {
  const box = sandbox();
  writeSecrets(box, { main: KEY });
  writeProfiles(box, {
    work: {
      provider: "anthropic",
      endpoint: "https://gateway.example.com",
      model: "claude-sonnet-4-5",
      headers: { authorization: "Bearer secret://main", "x-team": "shop" },
      env: { MY_OWN: "key=secret://main" },
    },
    plain: { provider: "openai", model: "m" },
  });
  return { box, agent: fakeAgent(box), repo: box.repo() };
}

it("hands on key, endpoint, words and input, gives back the exit status", async () => {
  const { box, agent, repo } = setup();
  const env = { ...agent.env, ANTHROPIC_API_KEY: "inherited", BOBA_SECRET_OTHER: KEY };
  const words = ["--profile", "of-the-agent", "-h", "--", "two words"];
  const finished = await runBoba(box, ["run", "--profile", "work", "claude", "exec", ...words], { cwd: repo, env, input: "héllo\n" });
  expect(finished).toEqual({ code: 3, stdout: "", stderr: "" });
  expect(JSON.parse(agent.told("argv"))).toEqual(["exec", ...words]);
  expect(agent.told("read")).toBe('"héllo\\n"');
  expect(JSON.parse(agent.told("env"))).toEqual({
    ANTHROPIC_AUTH_TOKEN: KEY,
    ANTHROPIC_BASE_URL: "https://gateway.example.com",
    ANTHROPIC_CUSTOM_HEADERS: "x-team: shop",
    ANTHROPIC_MODEL: "claude-sonnet-4-5",
    MY_OWN: `key=${KEY}`,
  });
  expect(agent.told("cmdline")).not.toContain("SENTINEL");
});

it("books what was spent meanwhile to the profile", async () => {
  const { box, agent, repo } = setup();
  const log = claudeLog(box, repo, "session-1");
  writeFileSync(log, `${claudeLine({ cwd: repo, output: 500, atMs: Date.now() - 60_000 })}\n`);
  writeFileSync(`${log}.next`, `${claudeLine({ cwd: repo, output: 1000 })}\n${claudeLine({ cwd: repo, output: 1000 })}\n`);
  await runBoba(box, ["run", "claude", "--profile=work", "--", "--profile", "x"], { cwd: repo, env: { ...agent.env, AGENT_LOG: log } });
  expect(JSON.parse(agent.told("argv"))).toEqual(["--profile", "x"]);
  const db = new Database(box.db, { readonly: true });
  const rows = db
    .prepare("SELECT profile, COUNT(*), SUM(output_tokens), SUM(cost_nanousd) FROM usage_records GROUP BY profile")
    .raw()
    .all();
  db.close();
  // 15 $ a million: the response of a minute before is not the run's.
  expect(rows).toEqual([
    [null, 1, 500, 7_500_000],
    ["work", 2, 2000, 30_000_000],
  ]);
});

it("passes on what it alone is told, and gives back 128 and the number of a signal that ended the agent", async () => {
  const { box, agent, repo } = setup();
  const start = (...words: string[]) => startBoba(box, ["run", "claude", "--wait", ...words], { cwd: repo, env: agent.env });
  const running = start();
  await until(() => agent.diary().includes("ready"));
  running.child.kill("SIGINT");
  await until(() => agent.diary().includes("SIGINT"));
  running.child.kill("SIGHUP");
  await until(() => agent.diary().includes("SIGHUP"));
  running.child.kill("SIGTERM");
  expect((await running.finished).code).toBe(7);
  expect(agent.diary().filter((line) => line.startsWith("SIG"))).toEqual(["SIGINT", "SIGHUP", "SIGTERM"]);
  expect((await start("--die").finished).code).toBe(128 + 9);
});

it("stops with an agent that stops itself, and goes on with it", async () => {
  const { box, agent, repo } = setup();
  const running = startBoba(box, ["run", "claude", "--stop", "--wait"], { cwd: repo, env: agent.env });
  const { pid } = running.child;
  if (pid === undefined) throw new Error("not started");
  if (hasProc) await until(() => /\) T /.test(readFileSync(`/proc/${pid}/stat`, "latin1")));
  else await until(() => agent.diary().length >= 4);
  process.kill(pid, "SIGCONT");
  // Without /proc nobody can tell that it stopped: then it is continued here.
  await until(() => agent.diary().includes("ready") || (!hasProc && process.kill(Number(agent.told("pid")), "SIGCONT") && false));
  running.child.kill("SIGTERM");
  expect((await running.finished).code).toBe(7);
});

it("leaves the terminal to the agent: one Ctrl-C is one, its size is the terminal's, and the cost is told at the end", async () => {
  const { box, agent, repo } = setup();
  const { error, stdout } = spawnSync("script", ["--version"], { encoding: "utf8" });
  const isUtilLinux = error === undefined && stdout.includes("util-linux");
  if (!isUtilLinux) {
    const piped = await runBoba(box, ["run", "claude"], { cwd: repo, env: agent.env, input: "quit\n" });
    expect(piped).toEqual({ code: 42, stdout: "", stderr: "" });
    return;
  }
  // A shell in between would end of the Ctrl-C itself.
  const command = `exec ${[process.execPath, BOBA, "run", "--profile", "work", "claude"].map((word) => `'${word}'`).join(" ")}`;
  const terminal = spawn("script", ["-qec", command, "/dev/null"], { cwd: repo, env: { ...box.env, ...agent.env } });
  let screen = "";
  terminal.stdout.setEncoding("utf8").on("data", (text: string) => (screen += text));
  const ended = new Promise((resolve) => terminal.on("close", resolve));
  await until(() => agent.diary().includes("ready"));
  const device = agent.told("terminal");
  execFileSync("stty", ["-F", device, "rows", "41", "cols", "123"]);
  await until(() => agent.diary().includes("size 41x123"));
  terminal.stdin.write("\u0003");
  await until(() => agent.diary().includes("SIGINT"));
  terminal.stdin.write("quit\n");
  expect(await ended).toBe(42);
  expect(agent.diary().filter((line) => line === "SIGINT")).toHaveLength(1);
  expect(screen).toContain("boba: 0 requests, 0 tokens, $0.00 through work");
  expect(screen).not.toContain("SENTINEL");
});

it("starts nothing it should not, and leaves no key in the ledger or the log", async () => {
  const { box, agent, repo } = setup();
  const fails = async (...words: string[]) => (await runBoba(box, ["run", ...words], { cwd: repo, env: agent.env })).stderr;
  expect(await fails("no-such-agent")).toContain("no-such-agent is not installed, or not on your PATH [BOBA-USE-67]");
  expect(await fails("--profile", "plain", "claude")).toContain("[BOBA-USE-66]");
  expect(await fails("--profile", "missing", "claude")).toContain("[BOBA-USE-60]");
  expect(await fails()).toContain("[BOBA-USE-68]");
  expect(agent.diary()).toEqual([]);
  await runBoba(box, ["run", "--profile", "work", "claude"], { cwd: repo, env: { ...agent.env, BOBA_LOG_LEVEL: "trace" } });
  expect(agent.told("env")).toContain("SENTINEL");
  const files = readdirSync(box.bobaHome, { recursive: true, encoding: "utf8" }).filter((name) => name !== "secrets.yaml");
  const bytes = files
    .map((name) => join(box.bobaHome, name))
    .flatMap((path) => (statSync(path).isFile() ? readFileSync(path, "latin1") : []));
  expect(bytes.length).toBeGreaterThan(2);
  expect(bytes.filter((text) => text.includes("SENTINEL"))).toEqual([]);
});
