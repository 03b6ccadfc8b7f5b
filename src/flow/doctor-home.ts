/** Is `~/.boba` complete, closed to others, and its configuration readable? */
import { lstatSync, type Stats, statSync } from "node:fs";
import { platform } from "node:os";
import { loadPricing } from "../config/pricing.ts";
import { loadSettings } from "../config/settings.ts";
import { BobaError } from "../core/errors.ts";
import { fault, type Finding, fine } from "../core/finding.ts";
import type { App } from "./app.ts";
import { setUp } from "./init.ts";

const OTHERS = 0o077;

export async function checkHome(app: App): Promise<Finding[]> {
  const { home, made } = setUp(app);
  const { profiles, routes, pricing, settings, secrets } = app.paths;
  const found = [fine("home", made.length === 0 ? home : `${home}, made now: ${made.join(", ")}`)];
  if (platform() !== "win32") found.push(...closedToOthers(home, "700", "warn"), ...closedToOthers(secrets, "600", "error"));
  for (const file of [profiles, routes, pricing, settings, secrets]) found.push(...linkToNothing(file));
  found.push(await parses("settings", settings, () => loadSettings(app.paths)));
  found.push(await parses("pricing", pricing, () => loadPricing(app.paths)));
  if (look(app.paths.pricingCache) !== undefined) found.push(...(await import("./doctor-pricing.ts")).checkPriceCache(app));
  return found;
}

function closedToOthers(path: string, mode: string, level: "warn" | "error"): Finding[] {
  const stats = look(path);
  if (stats === undefined || (stats.mode & OTHERS) === 0) return [];
  return [
    fault(level, "permissions", {
      what: `${path} is open to other accounts (${(stats.mode & 0o777).toString(8)})`,
      why: level === "error" ? "whoever reads it can use your keys" : "your figures and folder names can be read by others",
      mend: `chmod ${mode} ${path}`,
    }),
  ];
}

function linkToNothing(path: string): Finding[] {
  if (look(path) !== undefined || lstatSync(path, { throwIfNoEntry: false }) === undefined) return [];
  return [
    fault("warn", "links", {
      what: `${path} is a link to nothing`,
      why: "its defaults apply instead",
      mend: `rm ${path} && boba init`,
    }),
  ];
}

function look(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

async function parses(check: string, path: string, load: () => Promise<unknown>): Promise<Finding> {
  try {
    await load();
    return fine(check, path);
  } catch (error) {
    if (!(error instanceof BobaError)) throw error;
    return fault("error", check, { what: error.message, why: "boba collects nothing until it is right", mend: error.hint });
  }
}
