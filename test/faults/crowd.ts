/** Many processes that write, read and back up for a while. */
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { audit } from "../../src/flow/audit.ts";
import { backupsIn } from "../../src/flow/backup-folder.ts";
import { claudeLine, claudeLog } from "../helpers/agent.ts";
import type { Sandbox } from "../helpers/sandbox.ts";
import { facts, integrity } from "./content.ts";
import { type Outcome, same } from "./kill.ts";
import { filledLedger, namesIn } from "./scenes-keep.ts";
import { stage, withDb } from "./stage.ts";
import { start, troubles } from "./together.ts";

export interface CrowdPlan {
  processes: number;
  seconds: number;
}

const BEFORE = 2_000;
/** Every tenth, in this order: what each of the processes does again and again. */
const JOBS: readonly (readonly string[])[] = [
  ["import"],
  ["stats", "--format", "json"],
  ["drain"],
  ["report", "--by", "model"],
  ["backup"],
  ["import"],
  ["audit"],
  ["report", "--by", "session", "--no-import"],
  ["doctor"],
  ["db", "check"],
];

/** The outcome counts what each command was run how often. */
export async function crowd({ processes, seconds }: CrowdPlan): Promise<Outcome> {
  const outcome: Outcome = { scene: `crowd of ${processes}`, kills: 0, moments: {}, faults: [] };
  const set = stage((box) => filledLedger(box, BEFORE));
  const { box } = set;
  const until = Date.now() + seconds * 1000;
  let logged = 0;
  const work = async (nth: number): Promise<void> => {
    const args = JOBS[nth % JOBS.length] as readonly string[];
    for (let round = 0; Date.now() < until; round++) {
      if (args[0] === "import") logged += agentAnswers(box, `crowd-${nth}`, 5);
      const said = await start(box, args);
      outcome.faults.push(...troubles([said]));
      outcome.moments[args.join(" ")] = (outcome.moments[args.join(" ")] ?? 0) + 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: processes }, (_, nth) => work(nth)));
    outcome.kills = Object.values(outcome.moments).reduce((sum, count) => sum + count, 0);
    box.boba(["import"]);
    same("records", facts(box.db).records, BEFORE + logged);
    same("integrity_check", integrity(box.db), "ok");
    same("audit", withDb(box.db, audit).balanced, true);
    const made = backupsIn(join(box.bobaHome, "backups"));
    same("backups listed", made.length, outcome.moments["backup"] ?? 0);
    for (const { path } of made.slice(-3)) box.boba(["backup", "verify", path]);
    same(
      "left half-made",
      namesIn(join(box.bobaHome, "backups")).filter((name) => name.startsWith(".")),
      [],
    );
  } catch (error) {
    outcome.faults.push(error instanceof Error ? error.message : String(error));
  } finally {
    await set.remove();
  }
  return outcome;
}

/** Each costs 15,000 nano-dollars a token of output; all of them are outside any repository. */
function agentAnswers(box: Sandbox, session: string, count: number): number {
  const log = claudeLog(box, "/crowd", session);
  mkdirSync(dirname(log), { recursive: true });
  appendFileSync(log, Array.from({ length: count }, () => `${claudeLine({ cwd: "/crowd", output: 3, session })}\n`).join(""));
  return count;
}
