/** While a key is in use: no process list shows it, and no core file of a process that dies of it holds it. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { BOBA, sandbox } from "../helpers/sandbox.ts";
import { until, writeProfiles, writeSecrets } from "./run-boba.ts";

const KEY = "sk-SENTINEL-0123456789abcdef";

/** Command lines of all processes, read again and again until it is told to stop: those that named the key, and how many were seen. */
function watchCommandLines() {
  const seen = new Set<string>();
  const look = () => {
    const ids = existsSync("/proc/self/cmdline") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
    for (const id of ids) {
      try {
        seen.add(readFileSync(`/proc/${id}/cmdline`, "latin1"));
      } catch {
        // ended meanwhile
      }
    }
  };
  const timer = setInterval(look, 5);
  return () => {
    clearInterval(timer);
    return [...seen];
  };
}

it("is in the request, and neither in a process list nor in the core file of a call that is killed", async () => {
  const box = sandbox();
  const sent: (string | undefined)[] = [];
  const server = createServer((request) => sent.push(request.headers.authorization));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  writeSecrets(box, { main: KEY });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  writeProfiles(box, { acme: { provider: "acme", endpoint, model: "m", headers: { authorization: "Bearer secret://main" } } });
  const stop = watchCommandLines();
  const script = 'ulimit -c unlimited 2>/dev/null; exec "$0" "$@"';
  const child = spawn("sh", ["-c", script, process.execPath, BOBA, "call", "--profile", "acme", "hello"], { cwd: box.dir, env: box.env });
  const ended = new Promise((resolve) => child.on("exit", (_, signal) => resolve(signal)));
  await until(() => sent.length > 0);
  const filter = `/proc/${child.pid}/coredump_filter`;
  if (existsSync(filter)) expect(Number(readFileSync(filter, "utf8"))).toBe(0);
  child.kill("SIGABRT");
  expect(await ended).toBe("SIGABRT");
  const lines = stop();
  expect(sent).toEqual([`Bearer ${KEY}`]);
  if (existsSync("/proc/self/cmdline")) expect(lines.some((line) => line.includes("call\0--profile"))).toBe(true);
  expect(lines.filter((line) => line.includes("SENTINEL"))).toEqual([]);
  // Where the system puts core files elsewhere, or makes none, there is none to look into.
  const cores = readdirSync(box.dir).filter((name) => name.startsWith("core"));
  expect(cores.filter((name) => readFileSync(join(box.dir, name)).includes("SENTINEL"))).toEqual([]);
});
