/** Where boba keeps things. The only place that knows names below `~/.boba` and inside the package. */
import { homedir } from "node:os";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";

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
  return {
    home,
    db: resolve(env["BOBA_DB_PATH"] || join(home, "usage.db")),
    logDir: join(home, "logs"),
    log: join(home, "logs", "boba.log"),
    gitHooks: join(home, "git-hooks"),
    spool: join(home, "git-hooks", "spool"),
    backups: join(home, "backups"),
    archives: join(home, "archives"),
    settings: join(home, "settings.yaml"),
    profiles: join(home, "profiles.yaml"),
    routes: join(home, "routes.yaml"),
    pricing: join(home, "pricing.yaml"),
    secrets: join(home, "secrets.yaml"),
    pricingCache: join(home, "pricing.cache.json"),
    codeCache: join(home, "cache"),
    hooksManifest: join(home, "git-hooks", "manifest.json"),
    schemas: join(home, "schemas"),
  };
}

/** The installed package: `hooks/` and `templates/` lie beside `dist/` (or `src/` when run from source). */
export const PACKAGE_ROOT = rootAbove(dirname(fileURLToPath(import.meta.url)));

function rootAbove(folder: string): string {
  return existsSync(join(folder, "templates")) || dirname(folder) === folder ? folder : rootAbove(dirname(folder));
}

/** The Node.js that runs this program, absolute. */
export const NODE_PATH = execPath;
