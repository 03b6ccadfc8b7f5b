/** `boba version --check`: asks whether there is a newer version. Nothing else of boba ever does. */
import { loadSettings } from "../config/settings.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { isNewer, versionIn } from "../core/newer.ts";
import { VERSION } from "../core/version.ts";
import { run } from "../platform/exec.ts";
import { download, DownloadError, isFetchable } from "../platform/http.ts";
import type { App } from "./app.ts";
import { withoutSecrets } from "../core/secret.ts";
import { homeOf } from "./source-context.ts";

export interface VersionCheck {
  /** `unknown`: there was an answer, but no version in it. */
  state: "newer" | "current" | "unknown";
  latest: string | null;
  /** The address that was asked; null: npm was, which knows its registry, its proxy and its rights. */
  url: string | null;
}

const TIMEOUT_MS = 2000;
/** npm itself takes most of a second to start, several on a busy machine. */
const NPM_TIMEOUT_MS = 10_000;
const MAX_BYTES = 1024 * 1024;

/** @throws BobaError BOBA-NET-13 when no answer comes, BOBA-NET-14 for an address that may not be asked, and for settings.yaml. */
export async function checkVersion(app: App): Promise<VersionCheck> {
  const { url } = (await loadSettings(app.paths)).updates;
  if (url === null) return askNpm(app);
  if (!isFetchable(url)) {
    const hint = "set updates.url in settings.yaml to an https address without a name or password (http only for this machine)";
    throw new BobaError("BOBA-NET-14", EXIT.usage, "versions are not asked for at that address", hint);
  }
  try {
    const { body } = await download(url, { etag: null, userAgent: `bobamixer/${VERSION}`, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
    return judged(versionIn(body.toString("utf8")), url);
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    // The registry answers 404 for what it does not have.
    if (error.status === 404) return judged(null, url);
    throw unanswered(error.message);
  }
}

/** `npm view` (npm help view) prints the version that an installation would bring. */
async function askNpm(app: App): Promise<VersionCheck> {
  const { code, stdout, stderr } = await run("npm", ["view", "bobamixer", "version", "--json"], {
    // Not where the user stands: npm obeys a repository's .npmrc, which may name a registry and put variables into its address.
    cwd: homeOf(app),
    env: withoutSecrets(app.env),
    timeoutMs: NPM_TIMEOUT_MS,
  });
  if (code === 0) return judged(versionIn(`{"version":${stdout.toString("utf8")}}`), null);
  if (/\bE404\b/.test(stderr)) return judged(null, null);
  throw unanswered(code === 127 ? "there is no npm to ask (or set updates.url in settings.yaml)" : "npm got no answer");
}

function judged(latest: string | null, url: string | null): VersionCheck {
  return { state: latest === null ? "unknown" : isNewer(latest, VERSION) ? "newer" : "current", latest, url };
}

const unanswered = (why: string): BobaError =>
  new BobaError("BOBA-NET-13", EXIT.network, `the newest version is not known: ${why}`, `this is ${VERSION}; try again later`);
