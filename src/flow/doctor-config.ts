/** Do the files that collecting reads hold what their schemas want? */
import { loadPricing } from "../config/pricing.ts";
import { loadProject } from "../config/project-file.ts";
import { loadSettings } from "../config/settings.ts";
import { BobaError } from "../core/errors.ts";
import { fault, type Finding, fine } from "../core/finding.ts";
import { findPlace } from "../git/hook-place.ts";
import type { Paths } from "../platform/paths.ts";
import type { App } from "./app.ts";

interface ConfigFile {
  check: string;
  path: (paths: Paths) => string;
  /** Reads and checks it; what it returns is not looked at. @throws BobaError BOBA-CFG-* naming file, line, column and what was expected. */
  load: (paths: Paths) => Promise<unknown>;
}

/** A new one is a line here. What profiles, rules and secrets name is checked together, in `doctor-engine.ts`. */
const FILES: readonly ConfigFile[] = [
  { check: "settings", path: ({ settings }) => settings, load: loadSettings },
  { check: "pricing", path: ({ pricing }) => pricing, load: loadPricing },
];

export async function checkConfig(app: App): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { check, path, load } of FILES) found.push(await parses(check, path(app.paths), () => load(app.paths)));
  return [...found, ...(await checkProjectFile(app))];
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

/** The file of the repository around here: others wrote it, so what is wrong in it stops nothing. */
async function checkProjectFile(app: App): Promise<Finding[]> {
  const root = findPlace(app.cwd)?.root;
  if (root === undefined) return [];
  try {
    const name = (await loadProject(root))?.name ?? null;
    return name === null ? [] : [fine("project", `this repository is part of ${name}`)];
  } catch (error) {
    if (!(error instanceof BobaError)) throw error;
    const why = "its project is called by the repository's name until it is right";
    return [fault("warn", "project", { what: error.message, why, mend: error.hint })];
  }
}
