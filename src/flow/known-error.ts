/** What SQLite and the file system say, in words that tell what to do; for whatever no flow has put into words itself. */
import { BobaError, EXIT } from "../core/errors.ts";
import { explainDatabaseError } from "../store/open.ts";
import type { App } from "./app.ts";

const FORBIDDEN: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS"]);
const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** An expected failure of the world as a `BobaError`; anything else (a bug) as it is. */
export function knownError(app: App, error: unknown): unknown {
  const explained = explainDatabaseError(error, app.paths.db);
  if (explained instanceof BobaError || !(error instanceof Error && "code" in error)) return explained;
  const code = String(error.code);
  const path = "path" in error && typeof error.path === "string" ? error.path : app.paths.home;
  if (FORBIDDEN.has(code)) {
    const hint = `give yourself the right to it, then run the same command again: ls -ld ${path}`;
    return new BobaError("BOBA-FS-62", EXIT.permission, `${path} may not be read or written (${code})`, hint, error);
  }
  if (FULL.has(code)) {
    const hint = "free some disk space and run the same command again: nothing that was stored is lost";
    return new BobaError("BOBA-FS-63", EXIT.failed, `no space left to write ${path} (${code})`, hint, error);
  }
  return error;
}
