/** Commands that move a whole ledger: `boba backup`, `boba restore` in its three ways. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { backupsIn, manifestOf } from "../../src/flow/backup-folder.ts";
import { ledgerAt } from "../helpers/ledger.ts";
import type { Sandbox } from "../helpers/sandbox.ts";
import { facts, integrity, isLedger, wholeContent, withoutMeta } from "./content.ts";
import { same, type Scene } from "./kill.ts";
import { fill, intoOneFile } from "./stage.ts";

const FROM_S = 1_770_000_000;

export function filledLedger(box: Sandbox, records: number, nano = 0): void {
  ledgerAt(box.db).close();
  fill(box.db, { records, fromS: FROM_S, stepS: 60, nano });
  intoOneFile(box.db);
}

export const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
const backupsOf = (box: Sandbox) => join(box.bobaHome, "backups");
const isBackup = (name: string) => name.endsWith(".db.gz");
const inWork = (folder: string, suffix: string) =>
  namesIn(folder).some((name) => name.startsWith(".boba-work-") && namesIn(join(folder, name)).some((file) => file.endsWith(suffix)));

export function backupScene(records: number): Scene {
  let content = "";
  return {
    name: "backup",
    build(box) {
      filledLedger(box, records);
      content = wholeContent(box.db);
    },
    args: () => ["backup"],
    phases: {
      "the copy is made": (box) => inWork(backupsOf(box), "usage.db"),
      "it is packed": (box) => inWork(backupsOf(box), ".gz"),
      "it has its name": (box) => namesIn(backupsOf(box)).some(isBackup),
    },
    left(box) {
      same("the ledger", wholeContent(box.db) === content, true);
      const found = namesIn(backupsOf(box)).filter(isBackup);
      for (const name of found) holds(box, join(backupsOf(box), name), content);
      if (found.length > 0)
        return namesIn(backupsOf(box)).some((name) => name.endsWith(".db.gz.json")) ? "backup made" : "backup made, no manifest yet";
      return namesIn(backupsOf(box)).some((name) => name.startsWith(".boba-work-")) ? "half a copy, under no name" : "nothing yet";
    },
    done(box) {
      for (const name of namesIn(backupsOf(box)).filter(isBackup)) holds(box, join(backupsOf(box), name), content);
      same("one listed at least", backupsIn(backupsOf(box)).length > 0, true);
      same(
        "half-made copies",
        namesIn(backupsOf(box)).filter((name) => name.startsWith(".")),
        [],
      );
    },
  };
}

/** The packed ledger is whole and what it should be; its manifest, if it has one yet, tells the truth. */
function holds(box: Sandbox, path: string, content: string): void {
  const copy = join(box.dir, "out", "copy.db");
  writeFileSync(copy, gunzipSync(readFileSync(path)));
  same(path, withoutMeta(wholeContent(copy)) === withoutMeta(content), true);
  const manifest = manifestOf(path);
  if (!existsSync(`${path}.json`)) return;
  same(`SHA-256 in the manifest of ${path}`, manifest?.packedSha256, createHash("sha256").update(readFileSync(path)).digest("hex"));
  same(`cost in the manifest of ${path}`, manifest?.facts.costNanoUsd, facts(copy).costNanoUsd);
}

export type Before = "a ledger" | "no ledger" | "a damaged ledger";

export function restoreScene(before: Before, records: number): Scene {
  let old = "";
  let fresh = "";
  const nameOf = (box: Sandbox) => namesIn(join(box.dir, "out")).find(isBackup) as string;
  return {
    name: `restore over ${before}`,
    build(box) {
      filledLedger(box, records, 500);
      fresh = wholeContent(box.db);
      box.boba(["backup", "-o", join(box.dir, "out")]);
      for (const end of ["", "-wal", "-shm"]) rmSync(box.db + end, { force: true });
      if (before === "no ledger") return;
      filledLedger(box, Math.floor(records / 2));
      old = wholeContent(box.db);
      if (before === "a ledger") return;
      const bytes = readFileSync(box.db);
      bytes.fill(0x5a, 0, 4096);
      writeFileSync(box.db, bytes);
      old = "";
    },
    args: (box) => ["restore", join(box.dir, "out", nameOf(box))],
    phases: {
      "it is unpacked": (box) => inWork(box.bobaHome, "usage.db"),
      "the old one is kept": (box) => namesIn(backupsOf(box)).length > 0,
      "the new one is written": (box) => (statSync(`${box.db}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 200_000,
    },
    left(box) {
      for (const name of namesIn(backupsOf(box)))
        if (name.startsWith("replaced-") && name.endsWith(".db")) kept(join(backupsOf(box), name), old);
      if (!existsSync(box.db)) return before === "no ledger" ? "nothing yet" : lost();
      if (
        before === "a damaged ledger" &&
        readFileSync(box.db)
          .subarray(0, 4096)
          .every((byte) => byte === 0x5a)
      )
        return "still the damaged one";
      const found = withoutMeta(wholeContent(box.db));
      if (found === withoutMeta(fresh)) return "the new one";
      if (before === "no ledger" && (!isLedger(box.db) || facts(box.db).records === 0)) return "an empty one";
      same("the ledger is the old one or the new one", found, withoutMeta(old));
      return "the old one";
    },
    done(box) {
      same("content", withoutMeta(wholeContent(box.db)), withoutMeta(fresh));
    },
  };
}

function lost(): never {
  throw new Error("no ledger at all");
}

function kept(path: string, old: string): void {
  same(`integrity of ${path}`, integrity(path), "ok");
  same(path, withoutMeta(wholeContent(path)), withoutMeta(old));
}
