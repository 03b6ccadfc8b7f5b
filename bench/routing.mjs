// Rules: how long deciding takes, in the built program's own process, as the proxy will do it.
import { join } from "node:path";
import { rolldown } from "rolldown";
import { median, row } from "./measure.mjs";

const DECIDING = ["./src/core/routing/condition.ts", "./src/core/routing/decide.ts", "./src/core/routing/rules.ts"];

/** Deciding among 1,000 rules none of which holds, and one pattern that makes backtracking engines run away. */
export async function routing(world) {
  const { compileCondition, compileRules, decide } = await load(world.dir);
  const context = requestAt({ text: "please review this PR and format it ".repeat(30), ctxChars: 60_000, branch: "feature/login" });
  const rules = compileRules(Array.from({ length: 1000 }, (_, at) => rule(at, CONDITIONS[at % CONDITIONS.length].replaceAll("N", at))));
  const profiles = [{ name: "a", adapter: "http" }];
  const once = () => decide(rules, profiles, context, OPTIONS);
  const pattern = compileCondition("text.matches('(a+)+$')");
  const long = requestAt({ text: `${"a".repeat(200_000)}!` });
  return [
    row("1,000 rules decided", medianMs(200, once), 2, "ms"),
    row(
      "a pattern that runs away elsewhere, on 200 KB",
      medianMs(20, () => pattern.test(long)),
      50,
      "ms",
    ),
  ];
}

/** As people write them; none holds for the request above. */
const CONDITIONS = [
  "ctx_chars > 100000 && text.matches('reviewN|audit')",
  "branch.matches('hotfix/N.*') && text.contains('urgent')",
  "time_of_day == 'morning' && budget.remaining < N",
  "intent == 'kindN'",
  "text.matches('write.*functionN|implementN|create.*classN')",
  "project_types.includes('typeN') || project_types.includes('vue')",
  "ctx_chars < N && !text.matches('critical|important|urgent')",
  "time_of_day.in('09:00-18:00') && 'goN' in project_types",
];

const OPTIONS = {
  active: "a",
  preferred: [],
  trace: false,
  exploration: null,
  sessionId: null,
  sessionStartedAtMs: null,
  nowMs: 0,
  seed: "",
  isOverBudget: false,
  overBudgetProfiles: new Set(),
  samples: new Map(),
};

function rule(at, condition) {
  const place = { file: "routes.yaml", line: at + 1, column: 1 };
  return { id: `rule-${at}`, if: condition, use: "a", fallback: [], explain: null, origin: "user", at: place };
}

function requestAt(facts) {
  const budget = { remainingUsd: 100_000, spentUsd: 10, limitUsd: 100_010 };
  return { intent: "review", projectTypes: ["go", "react"], minuteOfDay: 23 * 60, budget, ...facts };
}

function medianMs(rounds, work) {
  const samples = Array.from({ length: rounds }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return median(samples);
}

/** The modules alone, out of the sources: the program itself offers them to nobody. */
async function load(dir) {
  const file = join(dir, "routing.mjs");
  const entry = "bench-routing";
  const build = await rolldown({
    input: entry,
    platform: "node",
    plugins: [
      {
        name: entry,
        resolveId: (id) => (id === entry ? `\0${entry}` : null),
        load: (id) => (id === `\0${entry}` ? DECIDING.map((path) => `export * from ${JSON.stringify(path)};`).join("\n") : null),
      },
    ],
  });
  await build.write({ file, format: "esm" });
  return import(file);
}
