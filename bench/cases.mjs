// What is measured. Each case returns rows for the table; `world` names the program and gives each case folders of its own.
import { spawnSync } from "node:child_process";
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeCorpus, writeResponses } from "./corpus.mjs";
import { pair, row, skipped, time, ratio } from "./measure.mjs";
import { routing } from "./routing.mjs";
import { git, history, ledger, notes, repository } from "./seed.mjs";

const NODE = process.execPath;
const START_S = Date.UTC(2026, 0, 1) / 1000;
const MIB = 1024 * 1024;

export const CASES = { hooks, startup, collect, report, attribution, backfill, ci, routing };

/** Git with hooks against the same git without, in repositories that are otherwise alike. */
function hooks(world) {
  const sides = ["none", "lazy", "background"].map((mode) => {
    const env = world.home(`hooks-${mode}`);
    const at = repository(join(world.dir, `repo-${mode}`), env, 200);
    if (mode !== "none") world.boba(["hooks", "install", "--mode", mode], { cwd: at, env });
    return { at, env };
  });
  const compare = (rounds, prepare, command) =>
    pair(
      rounds,
      sides.map(({ at, env }) => ({ prepare: (round) => prepare?.(at, env, round), command, options: { cwd: at, env } })),
    ).map(({ wallMs }) => wallMs);
  const change = (at, _, round) => appendFileSync(join(at, "file-1.txt"), `round ${round}\n`);
  const commit = compare(15, change, ["git", "commit", "-q", "-a", "-m", "change"]);
  const status = compare(15, null, ["git", "status", "-s"]);
  const fetch = compare(15, null, ["git", "fetch", "-q"]);
  for (const { at, env } of sides) {
    git(at, env, ["switch", "-q", "-c", "topic"]);
    for (let n = 0; n < 20; n++) {
      change(at, env, n);
      git(at, env, ["commit", "-q", "-a", "-m", `topic ${n}`]);
    }
  }
  const rebase = compare(5, null, ["git", "rebase", "-q", "--force-rebase", "main"]);
  return [
    row("git commit, hooks lazy", commit[1] / commit[0], 1.3),
    row("git commit, hooks in the background", commit[2] / commit[0], 1.5),
    row("rebase of 20 commits, hooks lazy", rebase[1] / rebase[0], 1.3),
    row("rebase of 20 commits, in the background", rebase[2] / rebase[0], 1.3),
    // 1.0 up to what two equal commands differ by.
    row("git fetch", fetch[2] / fetch[0], 1.05),
    row("git status", status[2] / status[0], 1.05),
  ];
}

function startup(world) {
  const env = world.home("startup");
  ledger(join(env.HOME, ".boba", "usage.db"), { count: 100_000, startMs: Date.now() - 100_000 * 60_000, everyMs: 60_000, branches: 0 });
  const options = { cwd: world.dir, env };
  const [bare, version, stats] = pair(15, [
    { command: [NODE, "-e", "0"], options },
    { command: [NODE, world.main, "--version"], options },
    { command: [NODE, world.main, "stats", "--today"], options },
  ]);
  return [
    row("boba --version, against node -e 0", ratio(version, bare, "wallMs"), 1.5),
    row("stats --today of 100,000 records, against node -e 0", ratio(stats, bare, "wallMs"), 3),
  ];
}

function collect(world) {
  const env = world.home("collect");
  writeCorpus(join(env.HOME, ".claude"), world.megabytes);
  const options = { cwd: world.dir, env };
  const boba = join(env.HOME, ".boba");
  const memory = join(world.dir, "peak");
  const preload = `data:text/javascript,import{writeFileSync}from"node:fs";process.on("exit",()=>writeFileSync(${JSON.stringify(memory)},String(process.resourceUsage().maxRSS)))`;
  const peer = process.env.BOBA_BENCH_CCUSAGE;
  const cold = { prepare: () => rmSync(boba, { recursive: true, force: true }), command: [NODE, world.main, "import"], options };
  const against = { command: [NODE, peer, "daily", "--json", "--offline"], options };
  const [mine, theirs] = pair(3, peer === undefined ? [cold] : [cold, against]);
  rmSync(boba, { recursive: true, force: true });
  spawnSync(NODE, ["--import", preload, world.main, "import"], { ...options, stdio: "ignore" });
  const peakMib = (Number(world.read(memory)) * 1024) / MIB;
  const [bare, unchanged] = pair(9, [
    { command: [NODE, "-e", "0"], options },
    { command: [NODE, world.main, "import"], options },
  ]);
  const what = `collecting ${world.megabytes} MB`;
  return [
    ...(theirs === undefined
      ? [
          skipped(
            `${what} for the first time, against ccusage`,
            `BOBA_BENCH_CCUSAGE names no program; boba alone: ${(mine.wallMs / 1000).toFixed(2)} s`,
          ),
        ]
      : [
          row(`${what} for the first time, CPU against ccusage`, ratio(mine, theirs, "cpuMs"), 1),
          row(`${what}, wall`, ratio(mine, theirs, "wallMs"), 1),
        ]),
    row(`${what} for the first time, peak memory`, peakMib, 200, "MiB"),
    row(`${what}, nothing changed, CPU against node -e 0`, ratio(unchanged, bare, "cpuMs"), 2),
  ];
}

function report(world) {
  const env = world.home("report");
  const db = join(env.HOME, ".boba", "usage.db");
  const root = repository(join(world.dir, "repo-report"), env, 1);
  ledger(db, { count: 1_000_000, startMs: START_S * 1000, everyMs: 10_000, branches: 200, worktree: root });
  const options = { cwd: world.dir, env };
  const mine = { command: [NODE, world.main, "report", "--by", "branch", "--no-import"], options };
  const what = "report --by branch of 1,000,000 records";
  if (spawnSync("sqlite3", ["--version"]).status !== 0) {
    const [alone] = pair(5, [mine]);
    return [row(what, alone.wallMs / 1000, 0.5, "s"), skipped(`${what}, against the sqlite3 program`, "sqlite3 is not installed")];
  }
  const sql =
    "SELECT repo, branch, count(*), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_write_5m_tokens + cache_write_1h_tokens), sum(cost_nanousd), count(*) FILTER (WHERE cost_nanousd IS NULL) FROM usage_records GROUP BY repo, branch";
  const [ours, theirs] = pair(5, [mine, { command: ["sqlite3", db, sql], options }]);
  return [row(what, ours.wallMs / 1000, 0.5, "s"), row(`${what}, against the sqlite3 program`, ratio(ours, theirs, "wallMs"), 1.5)];
}

function attribution(world) {
  const env = world.home("attribution");
  const root = join(world.dir, "repo-attribution");
  history(root, env, 1000, START_S);
  ledger(join(env.HOME, ".boba", "usage.db"), {
    count: 100_000,
    startMs: START_S * 1000 - 59_000,
    everyMs: 600,
    branches: 0,
    worktree: root,
  });
  const { wallMs } = time([NODE, world.main, "drain"], { cwd: root, env });
  const { committed } = JSON.parse(world.boba(["audit", "--no-import", "--format", "json"], { cwd: root, env })).buckets;
  if (committed.records < 99_000) throw new Error(`only ${committed.records} records found their commit`);
  return [row("attribution of 1,000 commits x 100 records", wallMs / 1000, 2, "s")];
}

/** History that logs and reflogs held before boba came: collecting, booking and writing the notes are all in it. */
function backfill(world) {
  const env = world.home("backfill");
  const root = join(world.dir, "repo-backfill");
  history(root, env, 1000, START_S);
  writeResponses(join(env.HOME, ".claude"), { count: 100_000, startMs: START_S * 1000 - 59_000, everyMs: 600, cwd: root });
  const { wallMs } = time([NODE, world.main, "hooks", "install", "--backfill"], { cwd: root, env });
  const { committed } = JSON.parse(world.boba(["audit", "--no-import", "--format", "json"], { cwd: root, env })).buckets;
  if (committed.records < 99_000) throw new Error(`only ${committed.records} records found their commit`);
  return [row("backfill of 1,000 commits x 100 records, from their logs", wallMs / 1000, 5, "s")];
}

function ci(world) {
  const env = world.home("ci");
  const at = join(world.dir, "repo-ci");
  const shas = history(at, env, 1001, START_S);
  notes(at, env, shas.slice(1), 100);
  const command = [NODE, world.main, "ci", "--base", shas[0], "--head", shas.at(-1), "--no-fetch"];
  const [{ wallMs }] = pair(5, [{ command, options: { cwd: at, env } }]);
  return [row("boba ci, 1,000 commits and 100 writers", wallMs / 1000, 1, "s")];
}
