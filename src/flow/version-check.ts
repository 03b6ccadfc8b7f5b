/** `boba version --check`: asks whether there is a newer version. Nothing else of boba ever does. */
import { loadSettings } from "../config/settings.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { isNewer, versionIn } from "../core/newer.ts";
import { VERSION } from "../core/version.ts";
import { download, DownloadError, isFetchable } from "../platform/http.ts";
import type { App } from "./app.ts";

export interface VersionCheck {
  /** `unknown`: there was an answer, but no version in it. */
  state: "newer" | "current" | "unknown";
  latest: string | null;
  url: string;
}

/** The public registry's address for the newest version of a package (docs.npmjs.com, registry API). */
const REGISTRY = "https://registry.npmjs.org/bobamixer/latest";
const TIMEOUT_MS = 2000;
const MAX_BYTES = 1024 * 1024;

/** @throws BobaError BOBA-NET-13 when no answer comes, BOBA-NET-14 for an address that may not be asked, and for settings.yaml. */
export async function checkVersion(app: App): Promise<VersionCheck> {
  const url = (await loadSettings(app.paths)).updates.url ?? REGISTRY;
  if (!isFetchable(url)) {
    const hint = "set updates.url in settings.yaml to an https address without a name or password (http only for this machine)";
    throw new BobaError("BOBA-NET-14", EXIT.usage, "versions are not asked for at that address", hint);
  }
  try {
    const { body } = await download(url, { etag: null, userAgent: `bobamixer/${VERSION}`, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
    const latest = versionIn(body.toString("utf8"));
    return { state: latest === null ? "unknown" : isNewer(latest, VERSION) ? "newer" : "current", latest, url };
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    // The registry answers 404 for what it does not have.
    if (error.status === 404) return { state: "unknown", latest: null, url };
    throw new BobaError(
      "BOBA-NET-13",
      EXIT.network,
      `the newest version is not known: ${error.message}`,
      `this is ${VERSION}; try again later`,
      error,
    );
  }
}
