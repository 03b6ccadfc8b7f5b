/** `boba doctor`: makes what is missing, looks at everything boba stands on, and says what is wrong. Never asks the network. */
import { BobaError } from "../core/errors.ts";
import { fault, type Finding, fine } from "../core/finding.ts";
import { gitVersion } from "../git/run.ts";
import { nodeVersion } from "../platform/self.ts";
import type { App } from "./app.ts";
import { checkHome } from "./doctor-home.ts";
import { checkHooks } from "./doctor-hooks.ts";
import { checkSources } from "./doctor-sources.ts";

const MIN_NODE = [20, 19] as const;
/** `rev-parse --path-format` came with git 2.31 (its release notes). */
const MIN_GIT = [2, 31] as const;

type Check = readonly [string, () => Finding[] | Promise<Finding[]>];

/** In the order they are best read: what everything stands on comes first. A check that breaks is itself a finding. */
export async function checkUp(app: App, only: "pricing" | null = null): Promise<Finding[]> {
  const pricing: Check = ["pricing", async () => (await import("./doctor-pricing.ts")).checkPricing(app)];
  const checks: readonly Check[] = [
    ["node", () => [checkNode()]],
    ["git", async () => [await checkGit(app)]],
    ["home", () => checkHome(app)],
    ["ledger", async () => (await import("./doctor-ledger.ts")).checkLedger(app)],
    ["sources", () => checkSources(app)],
    ["hooks", () => checkHooks(app)],
  ];
  const findings: Finding[] = [];
  for (const [check, look] of only === null ? checks : [pricing]) {
    try {
      findings.push(...(await look()));
    } catch (error) {
      const finding = broken(check, error);
      // What cannot be parsed stops several checks and is told once.
      if (findings.every(({ what }) => what !== finding.what)) findings.push(finding);
    }
  }
  return findings;
}

function broken(check: string, error: unknown): Finding {
  if (error instanceof BobaError) return fault("error", check, { what: error.message, why: "boba cannot work with it", mend: error.hint });
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  // The native part of SQLite was built for another Node.js, or not at all.
  if (code === "ERR_DLOPEN_FAILED" || (error instanceof Error && error.message.includes("bindings file")))
    return fault("error", check, {
      what: "SQLite cannot be loaded by this Node.js",
      why: "boba cannot open its ledger",
      mend: "npm i -g bobamixer (or, in a checkout: npm rebuild better-sqlite3)",
    });
  throw error;
}

function checkNode(): Finding {
  return atLeast(nodeVersion, MIN_NODE)
    ? fine("node", `Node.js ${nodeVersion}`)
    : fault("error", "node", {
        what: `Node.js ${nodeVersion} is older than ${MIN_NODE.join(".")}`,
        why: "boba uses what came later",
        mend: "install a newer Node.js, then: npm i -g bobamixer",
      });
}

async function checkGit(app: App): Promise<Finding> {
  const version = await gitVersion("git", app.env);
  if (version === null)
    return fault("error", "git", {
      what: "git does not answer",
      why: "nothing can be booked to commits",
      mend: "install git, or add it to PATH",
    });
  return atLeast(version, MIN_GIT)
    ? fine("git", `git ${version}`)
    : fault("error", "git", {
        what: `git ${version} is older than ${MIN_GIT.join(".")}`,
        why: "it cannot say where a worktree's files are",
        mend: "install a newer git",
      });
}

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [hasMajor = 0, hasMinor = 0] = version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  return hasMajor > major || (hasMajor === major && hasMinor >= minor);
}
