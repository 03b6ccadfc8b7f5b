import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, it, onTestFinished } from "vitest";
import { logState } from "../../src/store/log-check.ts";
import { ledgerAt } from "../helpers/ledger.ts";

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

it("calls a log damaged only when it stays as it is", async () => {
  const dir = mkdtempSync(join(tmpdir(), "boba-log-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const ledger = ledgerAt(join(dir, "live.db"));
  ledger.record({ costNanoUsd: 1 });
  const log = join(dir, "usage.db-wal");
  cpSync(join(dir, "live.db-wal"), log);
  ledger.close();
  const intact = logState(join(dir, "usage.db"));
  expect(intact?.unreadable).toBe(0);
  const bytes = readFileSync(log);
  const flipped = HEADER_BYTES + FRAME_HEADER_BYTES + 100;
  bytes[flipped] = (bytes[flipped] as number) ^ 0xff;
  writeFileSync(log, bytes);
  // The first page is the one that cannot be read, so none behind it counts either.
  expect(logState(join(dir, "usage.db"))).toEqual({ pages: intact?.pages, unreadable: intact?.pages });

  // Another process that writes the same page over and over: each time read, it looks damaged.
  const writer = new Worker(
    `const { openSync, writeSync } = require("node:fs");
     const file = openSync(${JSON.stringify(log)}, "r+");
     for (let n = 1n; ; n++) {
       const count = Buffer.alloc(8);
       count.writeBigUInt64BE(n);
       writeSync(file, count, 0, 8, ${flipped + 8});
       if (n === 1n) require("node:worker_threads").parentPort.postMessage("at it");
     }`,
    { eval: true },
  );
  await new Promise((resolve) => writer.once("message", resolve));
  expect(logState(join(dir, "usage.db"))).toBe(null);
  await writer.terminate();
});
