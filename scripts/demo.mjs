// `npm run demo`: a developer, an agent and a CI job, from an empty folder to the cost of a pull request.
// Everything is real: git, the hooks, the ledger, the notes. Only the agent's answers are written here, as the agent would log them.
// The totals are worked out below from list prices, apart from boba, and compared at the end. `--keep` leaves the folder.
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const WAIT_MS = 30_000;

/** Nano-dollars a token: list prices of the two models, in dollars per million tokens, times 1,000. */
const PRICES = {
  "claude-sonnet-4-5-20250929": { input: 3_000, output: 15_000, cacheRead: 300, cacheWrite: 3_750 },
  "claude-haiku-4-5-20251001": { input: 1_000, output: 5_000, cacheRead: 100, cacheWrite: 1_250 },
};
const [SONNET, HAIKU] = Object.keys(PRICES);

/** What the agent does, step by step. */
const WORK = {
  cart: Array.from({ length: 3 }, () => ({ model: SONNET, input: 4_000, output: 12_000, cacheRead: 150_000, cacheWrite: 0 })),
  review: [{ model: SONNET, input: 1_000, output: 8_000, cacheRead: 160_000, cacheWrite: 0 }],
  payments: [
    { model: HAIKU, input: 20_000, output: 6_000, cacheRead: 0, cacheWrite: 0 },
    { model: HAIKU, input: 20_000, output: 6_000, cacheRead: 0, cacheWrite: 0 },
    { model: SONNET, input: 3_000, output: 20_000, cacheRead: 0, cacheWrite: 40_000 },
  ],
  rounding: [{ model: SONNET, input: 2_000, output: 10_000, cacheRead: 100_000, cacheWrite: 0 }],
  unfinished: [{ model: SONNET, input: 1_000, output: 4_000, cacheRead: 0, cacheWrite: 0 }],
};

const costOf = (...steps) =>
  steps
    .flatMap((step) => WORK[step])
    .reduce((sum, { model, ...tokens }) => sum + Object.entries(tokens).reduce((cost, [kind, n]) => cost + n * PRICES[model][kind], 0), 0);

// By hand: cart 3 x (0.012 + 0.180 + 0.045) = 0.711; review 0.003 + 0.120 + 0.048 = 0.171;
// payments 2 x (0.020 + 0.030) + 0.009 + 0.300 + 0.150 = 0.559; rounding 0.006 + 0.150 + 0.030 = 0.186; unfinished 0.003 + 0.060 = 0.063.
const EXPECTED = {
  "the commit that was amended, then rebased": ["0.882", costOf("cart", "review")],
  "the commit after it": ["0.559", costOf("payments")],
  "the pull request, in CI": ["1.441", costOf("cart", "review", "payments")],
  "feat/checkout, with what is not committed": ["1.504", costOf("cart", "review", "payments", "unfinished")],
  "fix/rounding": ["0.186", costOf("rounding")],
  "all of it": ["1.690", costOf(...Object.keys(WORK))],
};

const dir = realpathSync(mkdtempSync(join(tmpdir(), "boba-demo-")));
const home = join(dir, "home");
const shop = join(dir, "shop");
const remote = join(dir, "shop.git");
const ciClone = join(dir, "ci", "shop");

/** A clean environment: no CI variables, none of the user's git or agent settings. */
const env = {
  PATH: [join(dir, "bin"), dirname(process.execPath), process.env.PATH].join(delimiter),
  HOME: home,
  DEMO: dir,
  TMPDIR: process.env.TMPDIR ?? tmpdir(),
  LANG: "C.UTF-8",
  TZ: process.env.TZ ?? "UTC",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_EDITOR: "true",
};
const ciEnv = { ...env, HOME: join(dir, "ci", "home") };

process.exitCode = 1;
try {
  main();
} finally {
  // A background run may still write while the folder goes: `rm` begins again then, `rmSync` does not.
  if (process.argv.includes("--keep")) console.log(`\nkept: ${dir}`);
  else await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

function main() {
  prepare();
  console.log(`DEMO=${dir}`);

  say("1. A repository, and boba's hooks in it");
  run(shop, "boba hooks install");

  say("2. An agent works on a feature; its developer commits, amends and commits again");
  run(shop, "git switch -q -c feat/checkout");
  work("cart", "cart.js");
  commit("git commit -q -m 'Add the cart'");
  work("review", "cart.js");
  commit("git commit -q --amend --no-edit");
  work("payments", "payments.js");
  commit("git commit -q -m 'Take payments'");

  say("3. Meanwhile on another branch, and on main (by hand, without an agent)");
  run(shop, "git switch -q -c fix/rounding main");
  work("rounding", "price.js");
  commit("git commit -q -m 'Round prices to cents'");
  run(shop, "git switch -q main");
  writeFileSync(join(shop, "README.md"), "# Shop\n");
  run(shop, "git add README.md");
  run(shop, "git commit -q -m 'Say what this is'");

  say("4. The feature is rebased: every commit has a new name, and keeps its cost");
  run(shop, "git switch -q feat/checkout");
  run(shop, "git rebase -q main");
  waitForNote();
  work("unfinished", "receipt.js", false);

  say("5. What did it cost?");
  run(shop, "boba report --by branch");
  run(shop, "boba show main..feat/checkout");
  run(shop, "boba stats --today");
  run(shop, "boba audit");

  say("6. The figures travel with the repository");
  run(shop, "git push -q origin main feat/checkout");
  run(shop, "boba notes push");

  say("7. CI: a fresh clone of one commit, another home folder, no database");
  run(dir, "git clone -q --depth 1 --branch feat/checkout file://$DEMO/shop.git ci/shop", ciEnv);
  run(ciClone, "boba ci --base main", ciEnv);

  compare();
}

/** A shop with one commit, its bare remote, and `boba` on PATH. */
function prepare() {
  for (const folder of [home, ciEnv.HOME, shop, join(dir, "bin")]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(dir, "bin", "boba"), `#!/bin/sh\nexec '${process.execPath}' '${join(PROJECT, "dist", "main.js")}' "$@"\n`, {
    mode: 0o755,
  });
  const config = "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n[commit]\n\tgpgsign = false\n";
  for (const folder of [home, ciEnv.HOME]) writeFileSync(join(folder, ".gitconfig"), config);
  writeFileSync(join(shop, "price.js"), "export const price = 1;\n");
  for (const [cwd, command] of [
    [dir, `git init -q --bare ${remote}`],
    [shop, "git init -q"],
    [shop, `git remote add origin ${remote}`],
    [shop, "git add price.js"],
    [shop, "git commit -q -m 'A shop'"],
    [shop, "git push -q origin main"],
  ])
    quiet(cwd, command);
}

/** The agent answers, edits a file and logs it; then the file is staged, unless the work stays unfinished. */
function work(step, file, stage = true) {
  console.log(`# the agent works on ${file}: ${WORK[step].length} ${WORK[step].length === 1 ? "response" : "responses"}`);
  const log = join(home, ".claude", "projects", shop.replace(/[^A-Za-z0-9-]/g, "-"));
  mkdirSync(log, { recursive: true });
  for (const [n, response] of WORK[step].entries()) {
    appendFileSync(join(shop, file), `// ${step} ${n + 1}\n`);
    appendFileSync(join(log, "5f0c2c1e-demo.jsonl"), `${JSON.stringify(logLine(step, n, response, join(shop, file)))}\n`);
  }
  if (stage) quiet(shop, `git add ${file}`);
}

/** One response as Claude Code logs it. */
function logLine(step, n, { model, input, output, cacheRead, cacheWrite }, file) {
  return {
    parentUuid: null,
    isSidechain: false,
    userType: "external",
    cwd: shop,
    sessionId: "5f0c2c1e-demo",
    version: "2.1.63",
    gitBranch: quiet(shop, "git branch --show-current").trim(),
    type: "assistant",
    requestId: `req_${step}_${n}`,
    uuid: `${step}-${n}`,
    timestamp: new Date().toISOString(),
    message: {
      id: `msg_${step}_${n}`,
      type: "message",
      role: "assistant",
      model,
      content: [{ type: "tool_use", id: `toolu_${step}_${n}`, name: "Edit", input: { file_path: file, old_string: "", new_string: "" } }],
      stop_reason: "tool_use",
      usage: {
        input_tokens: input,
        output_tokens: output,
        cache_read_input_tokens: cacheRead,
        cache_creation_input_tokens: cacheWrite,
        cache_creation: { ephemeral_5m_input_tokens: cacheWrite, ephemeral_1h_input_tokens: 0 },
        service_tier: "standard",
      },
    },
  };
}

/** Commits, then waits for what the hook started in the background. */
function commit(command) {
  run(shop, command);
  waitForNote();
}

/** Until the newest commit carries its note. */
function waitForNote() {
  const ref = `boba/${quiet(shop, "git config boba.clone").trim()}`;
  const start = performance.now();
  while (shell(shop, `git notes --ref=${ref} show HEAD`, env).status !== 0) {
    if (performance.now() - start > WAIT_MS) throw new Error(`no note on HEAD within ${WAIT_MS / 1000} s`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  console.log("# the hook has booked it in the background\n");
}

/** The program's answers, as JSON, against the totals above. */
function compare() {
  const json = (cwd, command, environment = env) => JSON.parse(quiet(cwd, `${command} --format json`, environment));
  const branches = new Map(json(shop, "boba report --by branch").rows.map(({ branch, cost_nano_usd: cost }) => [branch, cost]));
  const costOfCommit = (rev) => json(shop, `boba show ${rev}`).total.cost_nano_usd;
  const found = [
    costOfCommit("feat/checkout~1"),
    costOfCommit("feat/checkout"),
    json(ciClone, "boba ci --base main", ciEnv).cost_nano_usd,
    branches.get("feat/checkout"),
    branches.get("fix/rounding"),
    json(shop, "boba report --by branch").totals.cost_nano_usd,
  ];
  say("8. The same, worked out by hand from the tokens and the list prices");
  const wrong = Object.entries(EXPECTED).filter(([what, [byHand, fromPrices]], at) => {
    const same = [Number(found[at]), Math.round(Number(byHand) * 1e9)].every((nanoUsd) => nanoUsd === fromPrices);
    console.log(`${same ? "ok    " : "WRONG "} ${what.padEnd(44)} $${byHand}${same ? "" : `, boba says ${found[at]} nano-dollars`}`);
    return !same;
  });
  const balanced = json(shop, "boba audit").balanced;
  console.log(`${balanced ? "ok    " : "WRONG "} every record is booked exactly once`);
  if (wrong.length === 0 && balanced) process.exitCode = 0;
}

function say(heading) {
  console.log(`\n${heading}\n${"-".repeat(heading.length)}`);
}

/** Shows a command and what it prints. */
function run(cwd, command, environment = env) {
  console.log(`$ ${command}`);
  const { status, stdout, stderr } = shell(cwd, command, environment);
  const output = `${stdout}${stderr}`.replaceAll(dir, "$DEMO").trimEnd();
  if (output !== "") console.log(`${output}\n`);
  if (status !== 0) throw new Error(`${command} exited with ${status}`);
}

function quiet(cwd, command, environment = env) {
  const { status, stdout, stderr } = shell(cwd, command, environment);
  if (status !== 0) throw new Error(`${command} exited with ${status}\n${stderr}`);
  return stdout;
}

function shell(cwd, command, environment) {
  return spawnSync("sh", ["-c", command], { cwd, env: environment, encoding: "utf8" });
}
