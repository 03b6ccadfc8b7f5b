/** Reads `test/fixtures/guide.md`, the list of what operators do with boba, and runs its steps. The file itself says how it is to be read. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { claudeLog, respond } from "./agent.ts";
import { BOBA, sandboxIn } from "./sandbox.ts";
import { removeFolder } from "./remove.ts";

export interface Step {
  text: string;
  status: number;
  /** Line patterns; empty: nothing may be printed. */
  stdout: readonly string[];
  stderr: readonly string[];
}

export interface Entry {
  title: string;
  needs: readonly string[];
  /** Why it cannot run in a test; null for those that can. */
  never: string | null;
  steps: readonly Step[];
}

/** The entries in their order. Throws where the file is not as it says it is. */
export function readGuide(file: string): Entry[] {
  const [, ...sections] = readFileSync(file, "utf8").split(/^## /m);
  return sections.map((section) => {
    const title = section.slice(0, section.indexOf("\n"));
    const field = (name: string) => new RegExp(`^- ${name}: (.+)$`, "m").exec(section)?.[1] ?? null;
    const steps: Step[] = [];
    for (const [, info = "", body = ""] of section.matchAll(/^```(.+)\n([^]*?)^```$/gm)) {
      const last = steps.at(-1);
      if (info === "stdout" || info === "stderr") {
        if (last === undefined) throw new Error(`${title}: nothing is run before ${info}`);
        last[info] = body.split("\n").slice(0, -1);
      } else if (/^sh( prepare| check)?( status=\d+)?$/.test(info)) {
        steps.push({ text: body, status: Number(/status=(\d+)/.exec(info)?.[1] ?? 0), stdout: [], stderr: [] });
      } else throw new Error(`${title}: a block of ${info}`);
    }
    return { title, needs: field("needs")?.split(", ") ?? [], never: field("never"), steps };
  });
}

/** A home with records, which each entry gets a fresh copy of at the same place. */
export interface GuideHome {
  fresh(): Promise<void>;
  run(text: string): { status: number | null; stdout: string; stderr: string };
  /** What a step prints if it prints lines like these. */
  pattern(lines: readonly string[]): RegExp;
}

/** Makes that home in a folder that the caller removes. */
export function guideHome(dir: string): GuideHome {
  const box = sandboxIn(dir);
  for (let n = 0; n < 2; n++) {
    respond(box, { cwd: "/w", session: "session-old", output: 1000, atMs: Date.now() - 100 * 86_400_000 });
  }
  for (let n = 0; n < 3; n++) respond(box, { cwd: "/w", session: "session-today", output: 1_000_000 });
  box.boba(["init"]);
  box.boba(["stats"]);
  const seed = join(dir, "seed");
  // The agent's logs stay the files that they are, as at an operator's: a copy of a log is another log, and would be read again.
  const agent = join(box.home, ".claude");
  const logs = dirname(claudeLog(box, "/w", "session-old"));
  const known = new Set(readdirSync(logs));
  cpSync(box.home, seed, { recursive: true, preserveTimestamps: true, filter: (from) => from !== agent });
  const at = { BIN: join(dir, "bin"), COLLECTOR: join(dir, "collector"), ETC: join(dir, "etc"), REMOTES: join(dir, "remotes") };
  const TMPDIR = join(dir, "tmp");
  const env = { ...box.env, ...at, TMPDIR, PATH: `${at.BIN}${delimiter}${box.env["PATH"]}` };
  const places: Readonly<Record<string, string>> = { HOME: escape(box.home), BIN: escape(at.BIN), TMP: escape(TMPDIR), DAY: "\\d{8}" };
  return {
    async fresh() {
      const inHome = readdirSync(box.home).map((name) => join(box.home, name));
      const added = readdirSync(logs).filter((name) => !known.has(name));
      const old = [...inHome.filter((path) => path !== agent), ...added.map((name) => join(logs, name)), TMPDIR, ...Object.values(at)];
      await Promise.all(old.map(removeFolder));
      cpSync(seed, box.home, { recursive: true, preserveTimestamps: true });
      for (const folder of [TMPDIR, ...Object.values(at)]) mkdirSync(folder);
      writeFileSync(join(at.BIN, "boba"), `#!/bin/sh\nexec '${process.execPath}' '${BOBA}' "$@"\n`);
      chmodSync(join(at.BIN, "boba"), 0o755);
    },
    run(text) {
      return spawnSync("bash", ["-c", text], { env, cwd: box.home, encoding: "utf8", timeout: 50_000 });
    },
    pattern(lines) {
      const parts = lines.map((line) => {
        if (line === "...") return "(?:.*\\n)*?";
        const text = /^\/.*\/$/.test(line) ? line.slice(1, -1) : escape(line).replaceAll(/\\\{([A-Z]+)\\\}/g, "{$1}");
        return `${text.replaceAll(/\{([A-Z]+)\}/g, (whole, name: string) => places[name] ?? whole)}\\n`;
      });
      return new RegExp(`^${parts.join("")}$`);
    },
  };
}

/** A text as a regular expression that it alone fits. */
const escape = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
