/** Do the variables that steer boba lead where somebody meant? */
import { join } from "node:path";
import { LEVELS } from "../core/log-line.ts";
import { fault, type Finding } from "../core/finding.ts";
import { hasRecords } from "../store/health.ts";
import type { App } from "./app.ts";
import { homeOf } from "./source-context.ts";

export function checkLogLevel({ env }: App): Finding[] {
  const level = env["BOBA_LOG_LEVEL"];
  if (!level || LEVELS.some((known) => known === level.toLowerCase())) return [];
  return [
    fault("warn", "environment", {
      what: `BOBA_LOG_LEVEL is ${JSON.stringify(level.slice(0, 40))}, which is no level`,
      why: "the log is written as if it were info",
      mend: `export BOBA_LOG_LEVEL=info (or ${LEVELS.filter((known) => known !== "info").join(", ")})`,
    }),
  ];
}

/** An empty ledger where a variable leads, while one with records lies at the usual place: the variable is probably wrong. */
export function checkStray(app: App, records: number): Finding[] {
  if (records > 0) return [];
  const { env, paths } = app;
  const usual = [
    ["BOBA_DB_PATH", join(paths.home, "usage.db")],
    ["BOBA_HOME", join(homeOf(app), ".boba", "usage.db")],
  ] as const;
  return usual.flatMap(([name, other]) => {
    if (!env[name] || other === paths.db || !hasRecords(other)) return [];
    return fault("warn", "environment", {
      what: `${name} leads to ${paths.db}, which is empty, while there is a ledger at ${other}`,
      why: "reports show nothing of what is booked there, and what is new is booked here",
      mend: `unset ${name}, or bring the ledger along: boba restore ${other}`,
    });
  });
}
