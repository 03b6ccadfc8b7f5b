/** Is `~/.boba` complete, closed to others, and may boba write where it has to? */
import { accessSync, constants, lstatSync, statSync } from "node:fs";
import { platform } from "node:os";
import { fault, type Finding, fine } from "../core/finding.ts";
import { hasCode } from "../platform/fs.ts";
import type { App } from "./app.ts";
import { checkLogLevel } from "./doctor-environment.ts";
import { checkPermissions } from "./doctor-permissions.ts";
import type { Diagnosis } from "./doctor-remedy.ts";
import { setUp } from "./init.ts";

export function checkHome(app: App): Diagnosis[] {
  const links = checkLinks(app);
  const { home, made } = setUp(app);
  return [
    fine("home", made.length === 0 ? home : `${home}, made now: ${made.join(", ")}`),
    ...checkLogLevel(app),
    ...(platform() === "win32" ? [] : checkPermissions(app)),
    ...links,
    ...checkLog(app),
  ];
}

/** Links are fine (teams share configuration so), unless they lead nowhere. */
function checkLinks({ paths }: App): Finding[] {
  const { profiles, routes, pricing, settings, secrets, db, logDir, backups, archives, gitHooks } = paths;
  return [profiles, routes, pricing, settings, secrets, db, logDir, backups, archives, gitHooks].flatMap((path) => {
    const leadsNowhere =
      statSync(path, { throwIfNoEntry: false }) === undefined && lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    if (!leadsNowhere) return [];
    const isConfig = path.endsWith(".yaml");
    return fault("warn", "links", {
      what: `${path} is a link to nothing`,
      why: isConfig ? "its defaults apply instead" : "boba cannot work with what it should lead to",
      mend: isConfig ? `rm ${path} && boba init` : `bring back what it led to (ls -l ${path}), or: rm ${path}`,
    });
  });
}

/** A log that cannot be written never stops anything, so nobody would notice. */
function checkLog({ paths }: App): Finding[] {
  const at = statSync(paths.log, { throwIfNoEntry: false });
  const reason = at !== undefined && !at.isFile() ? "it is no file" : noAccess(at === undefined ? paths.logDir : paths.log);
  if (reason === null) return [];
  return [
    fault("warn", "log", {
      what: `${paths.log} cannot be written: ${reason}`,
      why: "what goes wrong in the background is told nowhere",
      mend:
        reason === "it is no file"
          ? `move it away: mv ${paths.log} ${paths.log}.old`
          : `give yourself the right: chmod -R u+rwX ${paths.logDir}`,
    }),
  ];
}

function noAccess(path: string): string | null {
  try {
    accessSync(path, constants.W_OK);
    return null;
  } catch (error) {
    return hasCode(error, "EACCES", "EPERM") ? "you have no right to" : `the system says ${hasCode(error, "EROFS") ? "read-only" : "no"}`;
  }
}
