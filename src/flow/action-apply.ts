/** What is done with a suggestion: applied (and taken back), dismissed, snoozed. */
import { createHash } from "node:crypto";
import { planEdit, type PlannedEdit, replace, writePlanned } from "../config/planned-edit.ts";
import { unifiedDiff } from "../core/diff.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { readIfThere } from "../platform/fs.ts";
import { appliedWith, forget, saveApplied, saveState } from "../store/suggestions.ts";
import { type Action, listActions } from "./actions.ts";
import type { App } from "./app.ts";
import { checkText } from "./budget-set.ts";
import { withLedger } from "./ledger.ts";

/** The one whose id begins with what was typed. @throws BobaError BOBA-BUD-9 when there is none, or several. */
export async function actionWith(app: App, typed: string): Promise<Action> {
  const { actions } = await listActions(app, { import: false, all: true });
  const [found, ...others] = actions.filter(({ id }) => typed !== "" && id.startsWith(typed.toLowerCase()));
  if (found !== undefined && others.length === 0) return found;
  const problem = found === undefined ? "there is no suggestion" : "there is more than one suggestion";
  throw new BobaError("BOBA-BUD-9", EXIT.usage, `${problem} ${JSON.stringify(typed.slice(0, 40))}`, "see them: boba action list --all");
}

export interface Preview {
  action: Action;
  planned: PlannedEdit;
  /** Lines of a unified diff. */
  diff: string[];
}

/** What applying it would change. @throws BobaError BOBA-BUD-10 for one that changes no file. */
export async function previewAction(app: App, typed: string): Promise<Preview> {
  const action = await actionWith(app, typed);
  const { apply } = action;
  if (apply === null) {
    const hint = `it is for you to look into: boba action show ${action.id}; or boba action dismiss ${action.id}`;
    throw new BobaError("BOBA-BUD-10", EXIT.usage, "no file of boba's could change that", hint);
  }
  const kind = apply.file === "routes.yaml" ? "routes" : "settings";
  const { path, value, append } = apply;
  const planned = await planEdit(app.paths[kind], [{ path, value, append }]);
  await checkText(planned.file, planned.after, kind);
  return { action, planned, diff: unifiedDiff(planned.before?.toString("utf8") ?? "", planned.after) };
}

/** Writes it. @throws BobaError BOBA-BUD-8 when the file changed since the preview. */
export function applyAction(app: App, { action, planned }: Preview): void {
  const applied = { file: planned.file, oldBytes: planned.before, newSha256: sha256(Buffer.from(planned.after)) };
  withLedger(app, (db) => saveApplied(db, action.id, action.type, applied, app.now(), () => writePlanned(planned)));
}

/** Puts the file back as it was, to the byte, if nobody changed it since. Returns it. @throws BobaError BOBA-BUD-8, -11. */
export function undoAction(app: App, typed: string): string {
  return withLedger(app, (db) => {
    const [applied, ...others] = typed === "" ? [] : appliedWith(db, typed.toLowerCase());
    if (applied === undefined || others.length > 0) {
      const name = JSON.stringify(typed.slice(0, 40));
      throw new BobaError(
        "BOBA-BUD-11",
        EXIT.usage,
        applied === undefined ? `no suggestion ${name} was applied` : `more than one suggestion ${name} was applied`,
        "see them: boba action list --all",
      );
    }
    const { id, file, oldBytes, newSha256 } = applied;
    const now = readIfThere(file);
    if (now === null || sha256(now) !== newSha256) {
      throw new BobaError("BOBA-BUD-8", EXIT.failed, `${file} was changed since`, "take the change back by hand");
    }
    forget(db, id, () => replace(file, now, oldBytes));
    return file;
  });
}

/** It is not shown again. */
export async function dismissAction(app: App, typed: string): Promise<Action> {
  const action = await actionWith(app, typed);
  withLedger(app, (db) => saveState(db, action.id, action.type, { status: "dismissed", untilMs: null }, app.now()));
  return action;
}

const DAY_MS = 86_400_000;

/** It is not shown for so many days; returns until when (Unix milliseconds). */
export async function snoozeAction(app: App, typed: string, days: number): Promise<number> {
  const action = await actionWith(app, typed);
  const untilMs = app.now() + days * DAY_MS;
  withLedger(app, (db) => saveState(db, action.id, action.type, { status: "snoozed", untilMs }, app.now()));
  return untilMs;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
