/** Do profiles, routes and secrets load, and does what they and this repository's project file name exist? */
import { loadProfiles } from "../config/profiles.ts";
import { loadProject, type ProjectConfig } from "../config/project-file.ts";
import { loadRoutes } from "../config/routes.ts";
import { loadSecrets } from "../config/secrets.ts";
import { loadSettings } from "../config/settings.ts";
import { BobaError } from "../core/errors.ts";
import { fault, type Finding, fine } from "../core/finding.ts";
import { looksLikeKey } from "../core/literal-key.ts";
import { counted } from "../core/money.ts";
import { suggest } from "../core/nearest.ts";
import type { Profile } from "../core/profile.ts";
import type { RouteRule } from "../core/routing/rule.ts";
import { secretsNamed } from "../core/secret-reference.ts";
import { findPlace } from "../git/hook-place.ts";
import type { App } from "./app.ts";
import { openSecrets, type SecretStore } from "./secret-store.ts";

/** What stands in the way of others' files is told by `checkHome`: permissions are not told twice. */
const TOLD_BEFORE = new Set(["BOBA-CFG-10"]);

/** Findings about the files that say how models are reached; settings and prices have checks of their own. */
export async function checkEngine(app: App): Promise<Finding[]> {
  const found: Finding[] = [];
  const load = async <T>(read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof BobaError)) throw error;
      if (!TOLD_BEFORE.has(error.code)) found.push(wrong(error.message, "nothing of that file is used", error.hint));
      return null;
    }
  };
  const profiles = await load(() => loadProfiles(app.paths));
  const routes = await load(() => loadRoutes(app.paths));
  const secrets = await load(() => loadSecrets(app.paths));
  const project = await projectHere(app);
  if (profiles !== null) {
    const names = profiles.map(({ name }) => name);
    if (secrets !== null) found.push(...(await missingSecrets(app, profiles, secrets)));
    found.push(...writtenOut(app, profiles), ...unknownProfiles(routes?.rules ?? [], names));
    for (const name of routes?.exploration.excludeProfiles ?? [])
      if (!names.includes(name)) found.push(unknown(`${app.paths.routes}: exploration.exclude_profiles`, name, names, "routes"));
    const chosen = await activeProfile(app);
    if (chosen !== null && !names.includes(chosen)) found.push(unknown(`${app.paths.settings}: profile`, chosen, names, "settings"));
    if (project !== null) await load(async () => project.checkAgainst(names));
    found.push(...(await uselessRules([...(project?.rules ?? []), ...(routes?.rules ?? [])])));
  }
  if (found.length > 0) return found;
  const rules = (routes?.rules.length ?? 0) + (project?.rules.length ?? 0);
  return [
    fine("profiles", [counted(profiles?.length ?? 0, "profile"), counted(rules, "rule"), counted(secrets?.size ?? 0, "secret")].join(", ")),
  ];
}

const wrong = (what: string, why: string, mend: string): Finding => fault("error", "profiles", { what, why, mend });

async function projectHere(app: App): Promise<ProjectConfig | null> {
  const root = findPlace(app.cwd)?.root;
  try {
    return root === undefined ? null : await loadProject(root);
  } catch (error) {
    if (error instanceof BobaError) return null; // told by the check of the project
    throw error;
  }
}

async function activeProfile(app: App): Promise<string | null> {
  try {
    return (await loadSettings(app.paths)).profile;
  } catch (error) {
    if (error instanceof BobaError) return null; // told by the check of the settings
    throw error;
  }
}

/** Each secret that is nowhere, once. */
async function missingSecrets(app: App, profiles: readonly Profile[], secrets: ReadonlyMap<string, string>): Promise<Finding[]> {
  const usedBy = new Map<string, string[]>();
  for (const { name, headers, env } of profiles)
    for (const value of [...Object.values(headers), ...Object.values(env)])
      for (const secret of secretsNamed(value) ?? []) usedBy.set(secret, [...(usedBy.get(secret) ?? []), name]);
  const store = openSecrets(app);
  const missing: [string, string[]][] = [];
  for (const used of usedBy) if (!secrets.has(used[0]) && !(await isKept(store, used[0]))) missing.push(used);
  return missing.map(([secret, users]) =>
    wrong(
      `there is no secret \`${secret}\`, which ${[...new Set(users)].join(", ")} ${new Set(users).size === 1 ? "refers" : "refer"} to`,
      "they cannot be used",
      `boba secrets set ${secret}, or add it to ${app.paths.secrets}; ${suggest(secret, [...secrets.keys()])}`,
    ),
  );
}

async function isKept(store: SecretStore, name: string): Promise<boolean> {
  try {
    return (await store.find(name)) !== null;
  } catch (error) {
    if (error instanceof BobaError) return false; // told by the check of the settings, which say whether there is a keyring
    throw error;
  }
}

function writtenOut(app: App, profiles: readonly Profile[]): Finding[] {
  return profiles.flatMap(({ name, headers, env, command, params, endpoint }) => {
    const places: [string, string][] = [
      ...Object.entries(headers).map(([key, value]): [string, string] => [`headers.${key}`, value]),
      ...Object.entries(env).map(([key, value]): [string, string] => [`env.${key}`, value]),
      ...Object.entries(params).map(([key, value]): [string, string] => [`params.${key}`, String(value)]),
      ["command", (command ?? []).join(" ")],
      ["endpoint", endpoint ?? ""],
    ];
    return places
      .filter(([, value]) => looksLikeKey(value))
      .map(([where]) =>
        fault("warn", "profiles", {
          what: `${app.paths.profiles}: profiles.${name}.${where} looks like a key written out`,
          why: "profiles are shared and kept in git; whoever reads them can use it",
          mend: `boba secrets set ${name}_key, and write secret://${name}_key in its place`,
        }),
      );
  });
}

function unknownProfiles(rules: readonly RouteRule[], names: readonly string[]): Finding[] {
  return rules.flatMap(({ id, use, fallback, at }) =>
    [use, ...fallback]
      .filter((name) => !names.includes(name))
      .map((name) => unknown(`${at.file}:${at.line}:${at.column}: rule \`${id}\``, name, names, "routes")),
  );
}

/** Conditions that are refused, and rules that can never decide. Profiles are not looked at: that is told with where they are named. */
async function uselessRules(rules: readonly RouteRule[]): Promise<Finding[]> {
  if (rules.length === 0) return [];
  const { validateRules } = await import("../core/routing/validate.ts");
  const named = rules.flatMap(({ use, fallback }) => [use, ...fallback]);
  return validateRules(rules, named).map(({ severity, rule, at, column, message, hint }) =>
    fault(severity === "error" ? "error" : "warn", "profiles", {
      what: `${at.file}:${at.line}:${at.column}: rule \`${rule}\`${column === null ? "" : `, column ${column}`}: ${message}`,
      why: severity === "error" ? "no rule can be followed" : "it decides nothing",
      mend: `${hint}; see: boba route validate`,
    }),
  );
}

function unknown(where: string, name: string, names: readonly string[], file: string): Finding {
  return wrong(
    `${where} names \`${name}\`, and there is no such profile`,
    "it cannot be followed",
    `boba edit ${file}; ${suggest(name, names)}`,
  );
}
