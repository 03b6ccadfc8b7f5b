/** Where boba keeps things. The only place that knows names below `~/.boba` and inside the package. */
import { homedir } from "node:os";
import { existsSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { execPath } from "node:process";

export interface Paths {
  /** `~/.boba`, or what `BOBA_HOME` says. */
  home: string;
  db: string;
  logDir: string;
  log: string;
  gitHooks: string;
  spool: string;
  backups: string;
  archives: string;
  settings: string;
  profiles: string;
  routes: string;
  pricing: string;
  secrets: string;
  pricingCache: string;
  /** What V8 made of boba's own code; may be removed at any time. */
  codeCache: string;
  hooksManifest: string;
  /** What editors check the YAML files by. */
  schemas: string;
}

/** Resolves every path from the environment alone; touches no file. */
export function resolvePaths(env: NodeJS.ProcessEnv): Paths {
  const home = resolve(env["BOBA_HOME"] || join(env["HOME"] || homedir(), ".boba"));
  // Not `join`, which goes through every letter of `home` each time.
  const below = (name: string) => (home.endsWith(sep) ? home + name : home + sep + name);
  return {
    home,
    db: resolve(env["BOBA_DB_PATH"] || below("usage.db")),
    logDir: below("logs"),
    log: below(`logs${sep}boba.log`),
    gitHooks: below("git-hooks"),
    spool: below(`git-hooks${sep}spool`),
    backups: below("backups"),
    archives: below("archives"),
    settings: below("settings.yaml"),
    profiles: below("profiles.yaml"),
    routes: below("routes.yaml"),
    pricing: below("pricing.yaml"),
    secrets: below("secrets.yaml"),
    pricingCache: below("pricing.cache.json"),
    codeCache: below("cache"),
    hooksManifest: below(`git-hooks${sep}manifest.json`),
    schemas: below("schemas"),
  };
}

/** The installed package: `hooks/` and `templates/` lie beside `dist/` (or `src/` when run from source). */
export const PACKAGE_ROOT = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  return existsSync(join(folder, "templates")) || dirname(folder) === folder ? folder : rootAbove(dirname(folder));
}

/** The Node.js that runs this program, absolute. */
export const NODE_PATH = execPath;
