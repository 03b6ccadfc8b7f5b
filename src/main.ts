#!/usr/bin/env node
/** The only file that touches `process`: argv, environment, streams, exit code. */
import { VERSION } from "./core/version.ts";

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-v")) {
  // Scripts ask this in loops: answered before anything is loaded.
  process.stdout.write(`${VERSION}\n`);
} else {
  const { openLog, resolvePaths, runCli } = await import("./start.ts");
  const { env, stdin, stdout, stderr } = process;
  const paths = resolvePaths(env);
  const now = Date.now;
  const quit = (error: Error & { code?: string }) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  };
  stdout.on("error", quit);
  stderr.on("error", quit);
  process.exitCode = await runCli(argv, {
    stdin,
    stdout,
    stderr,
    env,
    colorDepth: env["NO_COLOR"] || !stdout.isTTY ? 1 : stdout.getColorDepth(),
    app: {
      paths,
      env,
      cwd: process.cwd(),
      now,
      log: openLog(paths.log, env["BOBA_LOG_LEVEL"], now),
      reader: { url: new URL("reader.js", import.meta.url), patienceMs: 60_000 },
      progress: (text) => {
        if (stderr.isTTY) stderr.write(text === null ? "\r\u001b[K" : `\r\u001b[K${text}`);
      },
    },
  });
}
