/** A ledger whose content is replaced by a restore while a connection is open. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { noteEdition, transaction } from "../../src/platform/sqlite.ts";
import { openLedger } from "../../src/store/open.ts";
import { respond } from "../helpers/agent.ts";
import { sandbox } from "../helpers/sandbox.ts";

test("what was read before a restore is not written after it, until the connection looks anew", () => {
  const box = sandbox();
  respond(box, { cwd: "/w", output: 1 });
  box.boba(["import"]);
  box.boba(["backup"]);
  const backups = join(box.bobaHome, "backups");
  const name = readdirSync(backups).find((file) => file.endsWith(".gz")) as string;
  const db = openLedger(box.db);
  try {
    const write = () => transaction(db, () => db.prepare("UPDATE usage_records SET branch = 'x'").run().changes);
    expect(write()).toBe(1);
    box.boba(["restore", join(backups, name)]);
    expect(write).toThrow(expect.objectContaining({ code: "BOBA-DB-32", exit: 3 }));
    expect(db.prepare("SELECT branch FROM usage_records").pluck().get()).toBe(null);
    noteEdition(db);
    expect(write()).toBe(1);
  } finally {
    db.close();
  }
});
