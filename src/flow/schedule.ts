/** `boba maintenance start|stop`: has the system run `boba maintenance run --due` every hour, as this user. */
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { BobaError, EXIT } from "../core/errors.ts";
import { shellQuote } from "../core/text.ts";
import { run, type RunResult } from "../platform/exec.ts";
import { readIfThere, writeFileAtomic } from "../platform/fs.ts";
import { NODE_PATH, PACKAGE_ROOT } from "../platform/paths.ts";
import { userId } from "../platform/self.ts";
import type { App } from "./app.ts";
import { homeOf } from "./source-context.ts";
import { withoutSecrets } from "../core/secret.ts";

export const SCHEDULERS = ["systemd", "cron", "launchd"] as const;
export type SchedulerName = (typeof SCHEDULERS)[number];

/**
 * Reads the user's crontab, once however often it is asked; a character for each byte (latin1), since nobody says in which encoding its lines are; null
 * when there is no such program. @throws BobaError BOBA-USE-44.
 */
type ReadCrontab = () => Promise<string | null>;

interface Scheduler {
  /** Whether this system has it, and it answers. */
  isThere(app: App, crontab: ReadCrontab): Promise<boolean>;
  start(app: App, crontab: ReadCrontab): Promise<void>;
  /** Whether it was on: something was taken away then. */
  stop(app: App, crontab: ReadCrontab): Promise<boolean>;
  isOn(app: App, crontab: ReadCrontab): Promise<boolean>;
}

const UNIT = "boba-maintenance";
const LABEL = "dev.boba.maintenance";
const [BEGIN, END] = ["# boba maintenance, begin", "# boba maintenance, end"];

/** What is run, by absolute paths: timers know no PATH. */
const COMMAND = [NODE_PATH, join(PACKAGE_ROOT, "dist", "main.js"), "maintenance", "run", "--due"];

const ask = (app: App, program: string, args: readonly string[], input?: Buffer): Promise<RunResult> =>
  run(program, args, { env: withoutSecrets(app.env), timeoutMs: 10_000, ...(input === undefined ? {} : { input }) });

async function must(app: App, program: string, args: readonly string[], input?: Buffer): Promise<void> {
  const { code } = await ask(app, program, args, input);
  if (code === 0) return;
  const hint = "run it from a timer of your own: boba maintenance run --due";
  throw new BobaError("BOBA-USE-44", EXIT.failed, `${program} ${args[0] ?? ""} failed with status ${code}`, hint);
}

const folderOf = (app: App): string => join(app.env["XDG_CONFIG_HOME"] || join(homeOf(app), ".config"), "systemd", "user");
const variables = (app: App): [string, string][] =>
  // As they were resolved here: a timer starts in another folder.
  (
    [
      ["BOBA_HOME", app.paths.home],
      ["BOBA_DB_PATH", app.paths.db],
    ] satisfies [string, string][]
  ).filter(([name]) => app.env[name]);

const systemd: Scheduler = {
  isThere: async (app) => (await ask(app, "systemctl", ["--user", "show-environment"])).code === 0,
  async start(app) {
    mkdirSync(folderOf(app), { recursive: true });
    const environment = variables(app).map(([name, value]) => `Environment=${unitWord(`${name}=${value}`)}\n`);
    const service = `[Unit]\nDescription=boba maintenance\n\n[Service]\nType=oneshot\n${environment.join("")}ExecStart=${COMMAND.map((word) => unitWord(word).replaceAll("$", "$$$$")).join(" ")}\nNice=10\n`;
    const timer = `[Unit]\nDescription=boba maintenance, hourly\n\n[Timer]\nOnCalendar=hourly\nRandomizedDelaySec=600\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n`;
    writeFileAtomic(join(folderOf(app), `${UNIT}.service`), service);
    writeFileAtomic(join(folderOf(app), `${UNIT}.timer`), timer);
    await must(app, "systemctl", ["--user", "daemon-reload"]);
    await must(app, "systemctl", ["--user", "enable", "--now", `${UNIT}.timer`]);
  },
  async stop(app) {
    if (readIfThere(join(folderOf(app), `${UNIT}.timer`)) === null) return false;
    await ask(app, "systemctl", ["--user", "disable", "--now", `${UNIT}.timer`]);
    for (const end of ["timer", "service"]) rmSync(join(folderOf(app), `${UNIT}.${end}`), { force: true });
    await ask(app, "systemctl", ["--user", "daemon-reload"]);
    return true;
  },
  isOn: async (app) => readIfThere(join(folderOf(app), `${UNIT}.timer`)) !== null,
};

/**
 * systemd's own quoting, where `%` begins a specifier. `$` begins a variable in ExecStart= alone (systemd.service(5), "Command lines") and stands for
 * itself in Environment= (systemd.exec(5)).
 */
const unitWord = (word: string): string => `"${word.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%")}"`;

const cron: Scheduler = {
  isThere: async (_app, crontab) => (await crontab()) !== null,
  async start(app, crontab) {
    const words = [...variables(app).map(([name, value]) => `${name}=${shellQuote(value)}`), ...COMMAND.map(shellQuote)];
    // In a crontab % ends the line, whatever quotes it stands in.
    const line = `17 * * * * ${words.join(" ").replaceAll("%", "\\%")} >/dev/null 2>&1`;
    const rest = Buffer.from(withoutBlock((await crontab()) ?? ""), "latin1");
    await must(app, "crontab", ["-"], Buffer.concat([rest, Buffer.from(`${BEGIN}\n${line}\n${END}\n`)]));
  },
  async stop(app, crontab) {
    const text = await crontab();
    if (text === null || !text.includes(BEGIN)) return false;
    const rest = withoutBlock(text);
    await must(app, "crontab", rest === "" ? ["-r"] : ["-"], Buffer.from(rest, "latin1"));
    return true;
  },
  isOn: async (_app, crontab) => (await crontab())?.includes(BEGIN) ?? false,
};

/** For one operation: what is written back is made from what was read, whatever a second reading would give. */
function crontabOf(app: App): ReadCrontab {
  let text: Promise<string | null> | undefined;
  return () => (text ??= readCrontab(app));
}

/** No crontab yet is an empty one, and said so in English; after any other failure nothing is known of it, and nothing may be written over it. */
async function readCrontab(app: App): Promise<string | null> {
  const { code, stdout, stderr } = await run("crontab", ["-l"], { env: { ...withoutSecrets(app.env), LC_ALL: "C" }, timeoutMs: 10_000 });
  if (code === 127) return null;
  if (code === 0) return stdout.toString("latin1");
  if (code === 1 && stderr.includes("no crontab for")) return "";
  const hint = "see what it says: crontab -l";
  throw new BobaError("BOBA-USE-44", EXIT.failed, `crontab -l failed with status ${code}: the crontab was left as it is`, hint);
}

function withoutBlock(text: string): string {
  const lines = text.split("\n");
  const [from, till] = [lines.indexOf(BEGIN), lines.indexOf(END)];
  const rest = (from < 0 || till < from ? lines : [...lines.slice(0, from), ...lines.slice(till + 1)]).join("\n");
  return rest === "" || rest.endsWith("\n") ? rest : `${rest}\n`;
}

const plistOf = (app: App): string => join(homeOf(app), "Library", "LaunchAgents", `${LABEL}.plist`);

const launchd: Scheduler = {
  isThere: async (app) => (await ask(app, "launchctl", ["version"])).code === 0,
  async start(app) {
    const xml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    const words = COMMAND.map((word) => `<string>${xml(word)}</string>`).join("");
    const environment = variables(app).map(([name, value]) => `<key>${name}</key><string>${xml(value)}</string>`);
    const plist = `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict><key>Label</key><string>${LABEL}</string><key>ProgramArguments</key><array>${words}</array><key>EnvironmentVariables</key><dict>${environment.join("")}</dict><key>StartInterval</key><integer>3600</integer></dict></plist>\n`;
    mkdirSync(dirname(plistOf(app)), { recursive: true });
    writeFileAtomic(plistOf(app), plist);
    await ask(app, "launchctl", ["bootout", `gui/${userId}/${LABEL}`]);
    await must(app, "launchctl", ["bootstrap", `gui/${userId}`, plistOf(app)]);
  },
  async stop(app) {
    if (readIfThere(plistOf(app)) === null) return false;
    await ask(app, "launchctl", ["bootout", `gui/${userId}/${LABEL}`]);
    rmSync(plistOf(app), { force: true });
    return true;
  },
  isOn: async (app) => readIfThere(plistOf(app)) !== null,
};

const BY_NAME: Readonly<Record<SchedulerName, Scheduler>> = { systemd, cron, launchd };

/** Registers with the first scheduler that is there, or the one named; what was registered before is replaced. @throws BobaError BOBA-USE-44. */
export async function startMaintenance(app: App, wanted: SchedulerName | null): Promise<SchedulerName> {
  const crontab = crontabOf(app);
  for (const name of wanted === null ? SCHEDULERS : [wanted]) {
    if (!(await BY_NAME[name].isThere(app, crontab))) continue;
    // An account that may not use cron at all may still use another scheduler.
    await takeAway(app, name === "cron" ? crontab : () => crontab().catch(unlessUnread));
    await BY_NAME[name].start(app, crontab);
    return name;
  }
  const hint = "run it from a timer of your own: boba maintenance run --due";
  throw new BobaError(
    "BOBA-USE-44",
    EXIT.failed,
    wanted === null ? "neither systemd nor cron nor launchd answers here" : `${wanted} does not answer here`,
    hint,
  );
}

/** Takes every registration away; the names of those there were. @throws BobaError BOBA-USE-44 for a crontab that cannot be read. */
export async function stopMaintenance(app: App): Promise<SchedulerName[]> {
  const crontab = crontabOf(app);
  const stopped = await takeAway(app, () => crontab().catch(unlessUnread));
  await crontab();
  return stopped;
}

async function takeAway(app: App, crontab: ReadCrontab): Promise<SchedulerName[]> {
  const stopped: SchedulerName[] = [];
  for (const name of SCHEDULERS) if (await BY_NAME[name].stop(app, crontab)) stopped.push(name);
  return stopped;
}

/** A crontab that cannot be read, as if there were no cron. */
function unlessUnread(error: unknown): null {
  if (error instanceof BobaError) return null;
  throw error;
}

/** Who runs it; `unknown` when only a crontab could tell, and that cannot be read. */
export async function scheduledBy(app: App): Promise<SchedulerName | "unknown" | null> {
  let isUnread = false;
  const crontab = crontabOf(app);
  const readable = () =>
    crontab().catch((error: unknown) => {
      isUnread = true;
      return unlessUnread(error);
    });
  for (const name of SCHEDULERS) if (await BY_NAME[name].isOn(app, readable)) return name;
  return isUnread ? "unknown" : null;
}
