/** An agent that does what its arguments say and tells what happens to it in a file, line by line. It calls itself `claude` and logs like it. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Sandbox } from "../helpers/sandbox.ts";

const PROGRAM = String.raw`
import { appendFileSync, readFileSync, readlinkSync } from "node:fs";
const out = process.env.AGENT_DIARY;
const tell = (text) => appendFileSync(out, text + "\n");
const words = process.argv.slice(2);
tell("pid " + process.pid);
tell("argv " + JSON.stringify(words));
const env = Object.entries(process.env).filter(([name]) => /^(ANTHROPIC|BOBA|MY)_/.test(name)).sort();
tell("env " + JSON.stringify(Object.fromEntries(env)));
tell("cmdline " + [process.pid, process.ppid].map((id) => { try { return readFileSync("/proc/" + id + "/cmdline", "utf8"); } catch { return ""; } }).join(" "));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGCONT"]) {
  process.on(signal, () => {
    tell(signal);
    if (signal === "SIGTERM") process.exit(7);
  });
}
process.stdout.on("resize", () => tell("size " + process.stdout.rows + "x" + process.stdout.columns));
if (process.stdout.isTTY) tell("terminal " + readlinkSync("/proc/self/fd/1"));
const log = process.env.AGENT_LOG;
if (log) appendFileSync(log, readFileSync(log + ".next", "utf8").replaceAll(/"timestamp":"[^"]+"/g, '"timestamp":"' + new Date().toISOString() + '"'));
if (words.includes("--die")) process.kill(process.pid, "SIGKILL");
if (words.includes("--stop")) process.kill(process.pid, "SIGSTOP");
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text) => {
  tell("read " + JSON.stringify(text));
  if (text.includes("quit")) process.exit(42);
});
if (!words.includes("--wait")) process.stdin.on("end", () => process.exit(3));
setInterval(() => {}, 1000);
tell("ready");
`;

export interface FakeAgent {
  /** For the process that starts it. */
  env: NodeJS.ProcessEnv;
  /** What it told so far. */
  diary(): string[];
  /** The rest of the line that begins with this word; fails when there is none. */
  told(word: string): string;
}

export function fakeAgent(box: Sandbox): FakeAgent {
  const bin = join(box.dir, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "agent.mjs"), PROGRAM);
  writeFileSync(join(bin, "claude"), `#!/bin/sh\nexec "${process.execPath}" "${join(bin, "agent.mjs")}" "$@"\n`);
  chmodSync(join(bin, "claude"), 0o755);
  const path = join(box.dir, "diary");
  writeFileSync(path, "");
  const diary = () => readFileSync(path, "utf8").split("\n").slice(0, -1);
  return {
    env: { PATH: `${bin}${delimiter}${box.env["PATH"]}`, AGENT_DIARY: path },
    diary,
    told(word) {
      const line = diary().find((text) => text.startsWith(`${word} `));
      if (line === undefined) throw new Error(`the agent told nothing of ${word}: ${diary().join(" | ")}`);
      return line.slice(word.length + 1);
    },
  };
}
