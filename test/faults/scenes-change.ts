/** Commands that rewrite the ledger: `boba db prune`, and the upgrade of an older ledger. */
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { MIGRATIONS } from "../../src/store/migrations.ts";
import { ledgerAt } from "../helpers/ledger.ts";
import type { Sandbox } from "../helpers/sandbox.ts";
import { facts, idsOf, integrity, LATEST } from "./content.ts";
import { same, type Scene } from "./kill.ts";
import { namesIn } from "./scenes-keep.ts";
import { fill, intoOneFile, withDb } from "./stage.ts";

const DAY_S = 86_400;

/** Ids in archives that have their final name, as often as they occur. */
function archived(box: Sandbox): string[] {
  const folder = join(box.bobaHome, "archives");
  return namesIn(folder)
    .filter((name) => name.endsWith(".csv.gz"))
    .flatMap((name) => {
      const [head = "", ...rows] = gunzipSync(readFileSync(join(folder, name)))
        .toString()
        .split("\r\n")
        .filter((row) => row !== "");
      const column = head.split(",").indexOf("id");
      return rows.map((row) => (row.split(",")[column] as string).replace(/^boba:/, ""));
    });
}

export function pruneScene(records: number): Scene {
  let all: string[] = [];
  const totals = (box: Sandbox) => {
    const { records: left, prunedRequests, costNanoUsd, prunedNanoUsd } = facts(box.db);
    return [left + prunedRequests, String(BigInt(costNanoUsd) + BigInt(prunedNanoUsd))];
  };
  let before: unknown = null;
  return {
    name: "prune",
    build(box) {
      ledgerAt(box.db).close();
      // Two thirds are older than 90 days; the rest are from the last days.
      const oldS = Math.floor(Date.now() / 1000) - 200 * DAY_S;
      fill(box.db, { records, fromS: oldS, stepS: Math.floor((165 * DAY_S) / records) });
      intoOneFile(box.db);
      all = idsOf(box.db);
      before = totals(box);
    },
    args: () => ["db", "prune", "--older-than", "90d"],
    phases: {
      "the archive is written": (box) => namesIn(join(box.bobaHome, "archives")).some((name) => name.startsWith(".boba-work-")),
      "the archive has its name": (box) => namesIn(join(box.bobaHome, "archives")).some((name) => name.endsWith(".csv.gz")),
    },
    left(box) {
      const [inLedger, inArchive] = [idsOf(box.db), archived(box)];
      const somewhere = new Set([...inLedger, ...inArchive]);
      same("records in neither", all.filter((id) => !somewhere.has(id)).length, 0);
      same("sums of what is there and what was pruned", totals(box), before);
      const pruned = withDb(box.db, (db) => db.prepare("SELECT COUNT(*) FROM pruned_ids").pluck().get() as number);
      same("ids of what was pruned", pruned, all.length - inLedger.length);
      if (inLedger.length === all.length) return inArchive.length > 0 ? "archived, nothing deleted" : "nothing yet";
      return somewhere.size < inLedger.length + inArchive.length ? "some deleted" : "all deleted";
    },
    done(box) {
      const once = [...idsOf(box.db), ...archived(box)].toSorted();
      same("every record once, in the ledger or in an archive", once.length, all.length);
      same("the same records", once.join() === all.join(), true);
      same("sums of what is there and what was pruned", totals(box), before);
    },
  };
}

/** A ledger as the boba with the first `schema` migrations would have left it. */
export function oldLedger(box: Sandbox, schema: number, records: number): void {
  mkdirSync(dirname(box.db), { recursive: true, mode: 0o700 });
  withDb(
    box.db,
    (db) => {
      db.pragma("journal_mode = WAL");
      for (const step of MIGRATIONS.slice(0, schema)) db.exec(step);
      db.pragma(`user_version = ${schema}`);
    },
    false,
  );
  fill(box.db, { records, fromS: 1_770_000_000, stepS: 60 });
  intoOneFile(box.db);
}

export function migrationScene(schema: number, records: number): Scene {
  let before = "";
  const told = (path: string) => JSON.stringify(facts(path));
  const folder = (box: Sandbox) => join(box.bobaHome, "backups");
  const copiesOf = (box: Sandbox) =>
    namesIn(folder(box)).filter((name) => name.startsWith(`usage-schema-${schema}-`) && name.endsWith(".db"));
  const isCopied = (box: Sandbox) => copiesOf(box).length > 0;
  const check = (box: Sandbox) => {
    same("what the ledger holds", told(box.db), before);
    for (const copy of copiesOf(box).map((name) => join(folder(box), name))) {
      same("integrity of the copy", integrity(copy), "ok");
      same("what the copy holds", told(copy), before);
      same("schema of the copy", versionOf(copy), schema);
    }
  };
  return {
    name: `migration from schema ${schema}`,
    build(box) {
      oldLedger(box, schema, records);
      before = told(box.db);
    },
    args: () => ["stats", "--no-import"],
    phases: {
      "the copy is made": (box) => namesIn(folder(box)).length > 0,
      "the copy has its name": (box) => isCopied(box),
    },
    left(box) {
      check(box);
      const version = versionOf(box.db);
      if (version === LATEST) return same("a copy", isCopied(box), true) ?? "upgraded";
      same("schema", version, schema);
      return isCopied(box) ? "copied, not upgraded" : namesIn(folder(box)).length > 0 ? "half a copy, under no name" : "nothing yet";
    },
    done(box) {
      check(box);
      same("schema", versionOf(box.db), LATEST);
      // A killed run may have made one too; nothing but whole copies is there.
      const copies = copiesOf(box);
      same("names in the folder", namesIn(folder(box)).length, copies.length);
      same("one copy or two", copies.length === 1 || copies.length === 2, true);
    },
  };
}

const versionOf = (path: string): number => withDb(path, (db) => Number(db.pragma("user_version", { simple: true })));
