/** Does git tell boba about commits in the repository around here? */
import { statSync } from "node:fs";
import { fault, type Finding, fine } from "../core/finding.ts";
import { OBSTACLES } from "../core/hooks.ts";
import type { App } from "./app.ts";
import { hooksStatus } from "./hooks-status.ts";

/** A background run takes the spool within seconds. */
const LATE_MS = 10 * 60_000;

export async function checkHooks(app: App): Promise<Finding[]> {
  const status = await hooksStatus(app);
  const { root, mode } = status;
  if (root === null) return [fine("hooks", "not inside a repository")];
  const covered = status.events.filter((event) => event.include || event.block);
  const found: Finding[] = [];
  if (covered.length === 0)
    found.push(
      fault("warn", "hooks", {
        what: `no hooks in ${root}`,
        why: "commits are booked when boba runs next, and carry no note",
        mend: "boba hooks install",
      }),
    );
  else
    found.push(
      fine(
        "hooks",
        `${covered.length} of ${status.events.length} events in ${root}, mode ${mode}`,
        status.events.map(
          ({ event, obstacle }) => `${event}: ${obstacle === null ? "at once" : `at the next run, ${OBSTACLES[obstacle]}`}`,
        ),
      ),
    );
  for (const warning of status.warnings)
    found.push(fault("warn", "hooks", { what: warning, why: "commits may be booked only when boba runs next", mend: "boba hooks status" }));
  for (const path of status.moved)
    found.push(
      fault("warn", "hooks", {
        what: `${path} holds boba's lines: a hook manager moved the hook there`,
        why: "git does not run that file",
        mend: "boba hooks install",
      }),
    );
  const spooled = statSync(app.paths.spool, { throwIfNoEntry: false });
  if (mode !== "lazy" && spooled !== undefined && spooled.size > 0 && spooled.mtimeMs < app.now() - LATE_MS)
    found.push(
      fault("warn", "hooks", {
        what: "hooks have written what no background run has taken for more than 10 minutes",
        why: "background runs do not start or fail: see the log",
        mend: "boba drain",
        details: [app.paths.spool, app.paths.log],
      }),
    );
  return found;
}
