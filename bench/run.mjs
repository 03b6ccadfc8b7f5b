// `npm run bench [-- --only NAME] [--megabytes N]`: boba's speed against its budgets. Ratios are of medians, measured in turn in one run.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CASES } from "./cases.mjs";
import { median, time } from "./measure.mjs";

const { values } = parseArgs({ options: { only: { type: "string" }, megabytes: { type: "string", default: "100" } } });
const wanted = Object.entries(CASES).filter(([name]) => values.only === undefined || name === values.only);
if (wanted.length === 0) {
  console.error(`--only is one of: ${Object.keys(CASES).join(", ")}`);
  process.exit(2);
}

const dir = realpathSync(mkdtempSync(join(tmpdir(), "boba-bench-")));
const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const world = {
  dir,
  main,
  megabytes: Number(values.megabytes),
  read: (path) => readFileSync(path, "utf8"),
  /** An environment with a home folder of its own. */
  home(name) {
    const home = join(dir, `home-${name}`);
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, ".gitconfig"),
      "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n",
    );
    return { PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8", GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0", GIT_EDITOR: "true" };
  },
  boba(args, options) {
    const done = spawnSync(process.execPath, [main, ...args], { ...options, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`boba ${args.join(" ")}: ${done.stderr}`);
    return done.stdout;
  },
};

// Seconds depend on the machine, and on what else it does: this tells how fast it is now.
const bareMs = median(Array.from({ length: 7 }, () => time([process.execPath, "-e", "0"], { env: world.home("bare") }).cpuMs));
console.log(`Node.js ${process.versions.node}, ${cpus().length} processors; node -e 0 takes ${bareMs.toFixed(0)} ms of CPU\n`);
console.log(line("what", "measured", "budget", ""));
let over = 0;
try {
  for (const [, measure] of wanted) {
    for (const { what, measured, budget, unit, why } of await measure(world)) {
      if (measured > budget) over++;
      console.log(
        why === undefined
          ? line(what, number(measured, unit), number(budget, unit), measured <= budget ? "ok" : "over")
          : line(what, "-", "-", `skipped: ${why}`),
      );
    }
  }
} finally {
  // A background run may still write while the folder goes: `rm` begins again then, `rmSync` does not.
  await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
console.log(over === 0 ? "\nwithin every budget that was measured" : `\n${over} over budget`);

function number(value, unit) {
  return unit === "x" ? `x${value.toFixed(2)}` : `${value.toFixed(unit === "s" || unit === "ms" ? 2 : 0)} ${unit}`;
}

function line(what, measured, budget, verdict) {
  return `${what.padEnd(64)}${measured.padStart(10)}${budget.padStart(10)}  ${verdict}`.trimEnd();
}
