// What `npm run fuzz` and `npm run faults` share: a test file that runs for long and prints each of its results as a line of JSON.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Hands `take` each result; the exit status, and what was printed besides, which is of interest only if it broke. */
export function runLongTests(config, env, take) {
  const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--config", config], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const rest = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (line.startsWith("{")) take(JSON.parse(line));
      else rest.push(line);
    });
  }
  return new Promise((done) => {
    child.on("close", (code) => done({ code, rest }));
  });
}
