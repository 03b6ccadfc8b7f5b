#!/usr/bin/env node
/** Where the process comes in: argv, environment, streams, exit code. */
import { join } from "node:path";
import { VERSION } from "./core/version.ts";

/** The file that the build puts everyday commands into; it writes the name here, which tells builds apart. */
const EVERYDAY = "everyday.js";

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-v")) {
  // Scripts ask this in loops: answered before anything is loaded.
  process.stdout.write(`${VERSION}\n`);
} else {
  void main();
}

async function main(): Promise<void> {
  const { env } = process;
  const { loadKept, resolvePaths } = await import("./before.ts");
  const paths = resolvePaths(env);
  const loaded = loadKept(join(import.meta.dirname, "lib", EVERYDAY), paths.codeCache);
  const { keepCode, openLog, openOutput, runCli } = await import("./start.ts");
  const stdout = openOutput(1, () => watched(process.stdout));
  const stderr = openOutput(2, () => watched(process.stderr));
  const now = Date.now;
  process.exitCode = await runCli(argv, {
    streams: () => ({ stdin: process.stdin, stdout: watched(process.stdout), stderr: watched(process.stderr) }),
    stdout,
    stderr,
    env,
    colorDepth: env["NO_COLOR"] || !stdout.isTTY ? 1 : process.stdout.getColorDepth(),
    app: {
      paths,
      env,
      cwd: process.cwd(),
      now,
      log: openLog(paths.log, env["BOBA_LOG_LEVEL"], now),
      reader: { file: join(import.meta.dirname, "reader.js"), patienceMs: 60_000 },
      progress: (text) => {
        if (stderr.isTTY) stderr.write(text === null ? "\r\u001b[K" : `\r\u001b[K${text}`);
      },
    },
  });
  keepCode(loaded, now());
  // Where nothing is left to happen: to take the heap apart, as Node.js does when it ends by itself, takes a tenth of a start.
  if (process.getActiveResourcesInfo().length === 0) process.exit();
}

/** That nobody reads on is the reader's choice, not a failure. */
function watched(stream: NodeJS.WriteStream & { gone?: boolean }): NodeJS.WriteStream {
  return stream.on("error", (error: Error & { code?: string }) => {
    if (error.code !== "EPIPE") throw error;
    stream.gone = true;
  });
}
