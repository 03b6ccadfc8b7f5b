/** `boba doctor --network`: do the price catalogue and the remotes that notes go to answer? Bounded in time; nothing is fetched or pushed. */
import { existsSync } from "node:fs";
import { loadSettings } from "../config/settings.ts";
import { BobaError } from "../core/errors.ts";
import { fault, type Finding, fine } from "../core/finding.ts";
import { plainReason, withoutSecret } from "../core/share.ts";
import { VERSION } from "../core/version.ts";
import { chooseRemote, whyUnreachable } from "../git/remote.ts";
import { askWhether, DownloadError, isFetchable } from "../platform/http.ts";
import type { App } from "./app.ts";
import { isShared, readManifest } from "./hooks-manifest.ts";
import { catalogueUrl } from "./prices.ts";

const TIME_LIMIT_MS = 10_000;
/** More would take too long, and one network is usually behind all of them. */
const MAX_REPOS = 20;

export async function checkNetwork(app: App): Promise<Finding[]> {
  return (await Promise.all([checkCatalogue(app), checkRemotes(app)])).flat();
}

async function checkCatalogue(app: App): Promise<Finding[]> {
  const url = (await loadSettings(app.paths)).pricing.url ?? (await catalogueUrl());
  const shown = withoutSecret(url);
  const why = "new models have no price until it answers; the list that is in force stays";
  const mend = `try it: curl -I ${shown}; another address: pricing.url in ${app.paths.settings}`;
  if (!isFetchable(url)) {
    const what = `${shown} may not be fetched: https without a name or password is asked for`;
    return [fault("warn", "network", { what, why, mend: `correct pricing.url in ${app.paths.settings}` })];
  }
  try {
    await askWhether(url, { userAgent: `bobamixer/${VERSION}`, timeoutMs: TIME_LIMIT_MS });
    return [fine("network", `the price catalogue answers (${new URL(url).host})`)];
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    return [fault("warn", "network", { what: `the price catalogue does not answer: ${error.message}`, why, mend })];
  }
}

/** Where clones that share push their notes. */
async function checkRemotes(app: App): Promise<Finding[]> {
  const manifest = readManifest(app.paths.hooksManifest);
  const shared = (manifest?.repos ?? []).filter(({ commonDir }) => isShared(manifest, commonDir) && existsSync(commonDir));
  return (await Promise.all(shared.slice(0, MAX_REPOS).map(({ commonDir }) => checkRemote(app, commonDir)))).flat();
}

async function checkRemote(app: App, commonDir: string): Promise<Finding[]> {
  try {
    const name = await chooseRemote(commonDir, app.env, undefined);
    const complaint = await whyUnreachable({ at: commonDir, env: app.env, name }, TIME_LIMIT_MS);
    if (complaint === null) return [fine("network", `${name} of ${commonDir} answers`)];
    return [
      fault("warn", "network", {
        what: `${name} of ${commonDir} does not answer: ${plainReason(complaint)}`,
        why: "the notes of this clone do not reach colleagues and pipelines",
        mend: `git -C ${commonDir} ls-remote ${name}`,
      }),
    ];
  } catch (error) {
    if (!(error instanceof BobaError)) throw error;
    const why = "the notes of this clone go nowhere";
    return [fault("warn", "network", { what: `${commonDir}: ${error.message}`, why, mend: error.hint })];
  }
}
