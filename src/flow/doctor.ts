/** `boba doctor`: makes what is missing, looks at everything boba stands on, says what is wrong, and mends what is safe when asked to. */
import { BobaError } from "../core/errors.ts";
import { fault, type Finding, type Fix } from "../core/finding.ts";
import type { App } from "./app.ts";
import { checkConfig } from "./doctor-config.ts";
import { checkDisk } from "./doctor-disk.ts";
import { checkHome } from "./doctor-home.ts";
import { checkHooks } from "./doctor-hooks.ts";
import { checkClock, checkGit, checkNode } from "./doctor-program.ts";
import { applyRemedies, type Diagnosis, outcomes } from "./doctor-remedy.ts";
import { checkSources } from "./doctor-sources.ts";

export interface CheckUpOptions {
  only: "pricing" | null;
  /** Also ask the price catalogue and the remotes of clones that share. */
  network: boolean;
  /** Also read every page of a large ledger. */
  verbose: boolean;
}

const PLAIN: CheckUpOptions = { only: null, network: false, verbose: false };

type Check = readonly [string, () => Diagnosis[] | Promise<Diagnosis[]>];

const MEANWHILE = "; not looked at meanwhile: ";

/** In the order they are best read: what everything stands on comes first. A check that breaks is itself a finding. */
export async function checkUp(app: App, options: Partial<CheckUpOptions> = {}): Promise<Diagnosis[]> {
  const { only, network, verbose } = { ...PLAIN, ...options };
  const pricing = () => import("./doctor-pricing.ts");
  const checks: readonly Check[] = [
    ["node", () => [checkNode()]],
    ["git", async () => [await checkGit(app)]],
    ["clock", () => checkClock(app)],
    ["home", () => checkHome(app)],
    ["settings", () => checkConfig(app)],
    ["profiles", async () => (await import("./doctor-engine.ts")).checkEngine(app)],
    ["disk", () => checkDisk(app)],
    ["ledger", async () => (await import("./doctor-ledger.ts")).checkLedger(app, verbose)],
    ["prices", async () => (await pricing()).checkPriceList(app, network)],
    ["sources", () => checkSources(app)],
    ["hooks", () => checkHooks(app)],
    ...(network ? [["network", async () => (await import("./doctor-network.ts")).checkNetwork(app)] satisfies Check] : []),
  ];
  const alone: readonly Check[] = [["pricing", async () => (await pricing()).checkPricing(app)]];
  const findings: Diagnosis[] = [];
  for (const [check, look] of only === null ? checks : alone) {
    try {
      findings.push(...(await look()));
    } catch (error) {
      const finding = broken(app, check, error);
      // What cannot be parsed stops several checks: it is told once, with what could not be looked at for it.
      const cause = findings.find(({ what }) => what === finding.what);
      if (cause === undefined) findings.push(finding);
      else cause.why = `${cause.why ?? ""}${cause.why?.includes(MEANWHILE) ? ", " : MEANWHILE}${check}`;
    }
  }
  return findings;
}

/** Mends what is safe, then looks again: `findings` are what remains. */
export async function checkAndMend(app: App, options: Partial<CheckUpOptions>): Promise<{ findings: Finding[]; fixes: Fix[] }> {
  const applied = await applyRemedies(await checkUp(app, options));
  const findings = await checkUp(app, options);
  const fixes = outcomes(applied, findings);
  for (const { check, mended } of fixes) app.log.write("info", "doctor-fix", { check, mended });
  return { findings, fixes };
}

function broken({ paths }: App, check: string, error: unknown): Finding {
  if (error instanceof BobaError) return fault("error", check, { what: error.message, why: "boba cannot work with it", mend: error.hint });
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  // The native part of SQLite was built for another Node.js, or not at all.
  if (code === "ERR_DLOPEN_FAILED" || (error instanceof Error && error.message.includes("bindings file")))
    return fault("error", check, {
      what: "SQLite cannot be loaded by this Node.js",
      why: "boba cannot open its ledger",
      mend: "npm i -g bobamixer (or, in a checkout: npm rebuild better-sqlite3)",
    });
  // What the system refuses (a folder where a file should be, a right that is missing) is what a check-up is for; a bug is not.
  if (code === "") throw error;
  const place = error instanceof Error && "path" in error ? String(error.path) : `something below ${paths.home}`;
  return fault("error", check, {
    what: `${place} cannot be looked at (${code})`,
    why: "boba stops where it needs it",
    mend: `see what stands there: ls -la ${paths.home} ${paths.gitHooks}`,
  });
}
