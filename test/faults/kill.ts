/** Kills a command at a moment, then looks at what is left and lets an undisturbed run finish. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { audit } from "../../src/flow/audit.ts";
import { generator } from "../helpers/corpus.ts";
import { BOBA, type Sandbox } from "../helpers/sandbox.ts";
import { contentIfAny, type Facts, facts, integrity, isLedger } from "./content.ts";
import { type Stage, stage, withDb } from "./stage.ts";

export interface Scene {
  name: string;
  build(box: Sandbox): void;
  /** What boba is told. */
  args(box: Sandbox): string[];
  /** Moments that are worth a kill of their own: true once they have come. */
  phases: Readonly<Record<string, (box: Sandbox) => boolean>>;
  /** What must hold right after the kill. Returns how far the command had got, in a word or two. */
  left(box: Sandbox): string;
  /** What must hold after the undisturbed run; its facts are compared with the control's already. */
  done?(box: Sandbox): void;
}

export interface Outcome {
  scene: string;
  kills: number;
  /** How many kills found the command how far. */
  moments: Record<string, number>;
  faults: string[];
}

export interface KillPlan {
  kills: number;
  seed: number;
}

const PHASE_EVERY = 4;
const NANOSECONDS = 1e6;

/** Kills `scene` again and again, each time from the same start; the outcome tells what was found. */
export async function killOften(scene: Scene, { kills, seed }: KillPlan): Promise<Outcome> {
  const random = generator(seed);
  const outcome: Outcome = { scene: scene.name, kills, moments: {}, faults: [] };
  const set = stage((box) => scene.build(box));
  try {
    const control = undisturbed(set, scene);
    const phases = Object.entries(scene.phases);
    for (let kill = 0; kill < kills; kill++) {
      set.reset();
      const phase = kill % PHASE_EVERY === PHASE_EVERY - 1 ? phases[Math.floor(kill / PHASE_EVERY) % phases.length] : undefined;
      const afterMs = phase === undefined ? random() * control.durationMs * 1.05 : random() * 4;
      const label =
        phase === undefined ? `${afterMs.toFixed(1)} of ${control.durationMs.toFixed(0)} ms` : `${phase[0]} + ${afterMs.toFixed(1)} ms`;
      try {
        const moment = await killOnce(set, scene, { reached: phase?.[1] ?? null, afterMs, whole: random() < 0.5 }, control.facts);
        outcome.moments[moment] = (outcome.moments[moment] ?? 0) + 1;
      } catch (error) {
        outcome.faults.push(
          `${scene.name}, seed ${seed}, kill ${kill} (${label}): ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  } finally {
    await set.remove();
  }
  return outcome;
}

export interface Control {
  durationMs: number;
  facts: Facts;
}

export function undisturbed(set: Stage, scene: Scene, rounds = 3): Control {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    set.reset();
    const startedAt = process.hrtime.bigint();
    set.box.boba(scene.args(set.box));
    times.push(Number(process.hrtime.bigint() - startedAt) / NANOSECONDS);
  }
  set.box.boba(["audit", "--no-import"]);
  scene.done?.(set.box);
  return { durationMs: times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] as number, facts: facts(set.box.db) };
}

interface Moment {
  reached: ((box: Sandbox) => boolean) | null;
  afterMs: number;
  /** Also what boba itself started (git), as when a machine stops. */
  whole: boolean;
}

async function killOnce({ box }: Stage, scene: Scene, moment: Moment, control: Facts): Promise<string> {
  const { seen, stderr } = await runAndKill(box, scene.args(box), moment);
  if (/internal error|is a bug/.test(stderr)) throw new Error(`before the kill: ${stderr}`);
  const found = contentIfAny(box.db);
  if (seen !== null && found !== seen)
    throw new Error(`what could be read before the kill cannot be read after it:\n${seen}\n---\n${found}`);
  return afterwards(box, scene, control);
}

/** Looks at what a command that did not come to its end left behind, lets it run undisturbed, and looks again. Returns how far it had got. */
export function afterwards(box: Sandbox, scene: Scene, control: Facts): string {
  const isReadable = contentIfAny(box.db) !== null;
  if (isReadable) same("integrity_check", integrity(box.db), "ok");
  const far = scene.left(box);
  if (isReadable && isLedger(box.db)) balanced(box, "at once");
  const again = box.boba(scene.args(box), { expect: null });
  same("the next run", [again.status, again.stderr], [0, ""]);
  same("integrity_check after the next run", integrity(box.db), "ok");
  same("facts", facts(box.db), control);
  balanced(box, "after the next run");
  scene.done?.(box);
  return far;
}

/** What `boba audit --no-import` says. The command itself is run once for each scene: a process costs more than all else that is looked at. */
function balanced(box: Sandbox, when: string): void {
  const { balanced: isBalanced, faults, records } = withDb(box.db, audit);
  same(`audit ${when} of ${records} records`, [isBalanced, faults], [true, []]);
}

export function same(what: string, found: unknown, wanted: unknown): void {
  const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (is !== should) throw new Error(`${what}: ${is}, not ${should}`);
}

/** Stops the command, notes what can be read of the ledger in that moment, then kills it. */
async function runAndKill(box: Sandbox, args: readonly string[], moment: Moment): Promise<{ seen: string | null; stderr: string }> {
  const path = join(box.dir, "stderr.txt");
  const stderr = openSync(path, "w");
  const child = spawn(process.execPath, [BOBA, ...args], {
    cwd: box.dir,
    env: box.env,
    stdio: ["ignore", "ignore", stderr],
    detached: true,
  });
  closeSync(stderr);
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  if (moment.reached !== null) while (!isOver() && !moment.reached(box)) await pause(1);
  await Promise.race([pause(moment.afterMs), ended]);
  const seen = isOver() ? null : stopAndLook(box, child);
  signal(child, "SIGKILL", moment.whole);
  signal(child, "SIGCONT", true);
  await ended;
  // A git that was left alone goes on for a moment, as it would.
  if (!moment.whole) await pause(30);
  return { seen, stderr: readFileSync(path, "utf8") };
}

function stopAndLook(box: Sandbox, child: ChildProcess): string | null {
  signal(child, "SIGSTOP", true);
  try {
    return contentIfAny(box.db);
  } catch {
    return null; // the very moment in which nobody can read: the file is being made, or its log restarted
  }
}

function signal(child: ChildProcess, name: NodeJS.Signals, whole: boolean): void {
  try {
    if (child.pid !== undefined) process.kill(whole ? -child.pid : child.pid, name);
  } catch {
    // It has ended by itself.
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
