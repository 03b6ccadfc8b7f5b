/** Does git tell boba about commits: in the repository around here, and in every other that boba was installed in? */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fault, type Finding, fine } from "../core/finding.ts";
import { type HooksStatus, OBSTACLES } from "../core/hooks.ts";
import { includePath, isScriptStale, writeScripts } from "../git/hook-scripts.ts";
import { readIfThere } from "../platform/fs.ts";
import type { App } from "./app.ts";
import { type Diagnosis, withRemedy } from "./doctor-remedy.ts";
import { healHooks, missingBlocks } from "./hooks-heal.ts";
import { addInclude, includesOurs } from "./hooks-include.ts";
import { isCi } from "./hooks-install.ts";
import { isAnyShared, isShared, type Manifest, readManifest, type RepoEntry } from "./hooks-manifest.ts";
import { chosenMode } from "./hooks-mode.ts";
import { hooksStatus } from "./hooks-status.ts";

export async function checkHooks(app: App): Promise<Diagnosis[]> {
  const status = await hooksStatus(app);
  const manifest = readManifest(app.paths.hooksManifest);
  const wiped = manifest === null ? [] : manifest.repos.filter((repo) => isWiped(app, manifest, repo));
  const isTold = wiped.some(({ commonDir }) => commonDir === status.commonDir);
  return [
    ...(status.root === null ? [fine("hooks", "not inside a repository")] : aroundHere(status, status.root, isTold)),
    ...status.moved.map((path) =>
      fault("warn", "hooks", {
        what: `${path} holds boba's lines: a hook manager moved the hook there`,
        why: "git does not run that file",
        mend: "boba hooks install",
      }),
    ),
    ...(manifest === null
      ? manifestTrouble(app)
      : [...(await checkScript(app, manifest)), ...checkGlobal(app, manifest), ...wiped.map((repo) => removed(app, repo))]),
  ];
}

/** By `checkScript`, and by the ledger's check of notes, with what mends them. */
const TOLD_ELSEWHERE = /^the installed script|^notes did not reach |^\S+ refuses notes: /;

function aroundHere(status: HooksStatus, root: string, isTold: boolean): Finding[] {
  const { events, mode, hooksPath } = status;
  const covered = events.filter((event) => event.include || event.block);
  const warnings = status.warnings
    .filter((warning) => !TOLD_ELSEWHERE.test(warning))
    .map((what) => {
      const scope = what.startsWith("core.hooksPath") ? (hooksPath?.scope ?? null) : null;
      const mend =
        scope === null
          ? what.startsWith("BOBA_HOOKS")
            ? "unset BOBA_HOOKS"
            : "boba hooks status"
          : `git -C ${root} config --${scope} --unset core.hooksPath, or correct it`;
      return fault("warn", "hooks", { what, why: "commits may be booked only when boba runs next", mend });
    });
  const details = events.map(
    ({ event, obstacle }) => `${event}: ${obstacle === null ? "at once" : `at the next run, ${OBSTACLES[obstacle]}`}`,
  );
  if (covered.length > 0 || isTold) {
    return [fine("hooks", `${covered.length} of ${events.length} events in ${root}, mode ${mode}`, details), ...warnings];
  }
  // Where git looks for hooks in a wrong place, that is the cause.
  if (warnings.length > 0 && hooksPath?.value !== null && hooksPath?.exists !== true) return warnings;
  const why = "commits are booked when boba runs next, and carry no note";
  return [fault("warn", "hooks", { what: `no hooks in ${root}`, why, mend: "boba hooks install" }), ...warnings];
}

/** A manifest that cannot be read counts as none: nothing is healed then. */
function manifestTrouble(app: App): Finding[] {
  const path = app.paths.hooksManifest;
  if (readIfThere(path) === null) return [];
  return [
    fault("warn", "hooks", {
      what: `${path} is damaged`,
      why: "hooks that a manager removes are not put back, and uninstalling goes by the marks in the files alone",
      mend: `mv ${path} ${path}.old, then in each repository: boba hooks install`,
    }),
  ];
}

async function checkScript(app: App, manifest: Manifest): Promise<Diagnosis[]> {
  const isInstalled = manifest.global !== null || manifest.repos.some(({ include, blocks }) => include || blocks);
  if (!isInstalled || !isScriptStale(app.paths, await chosenMode(app, null, manifest), isAnyShared(manifest))) return [];
  const finding = fault("warn", "hooks", {
    what: `the script that hooks run (in ${app.paths.gitHooks}) is gone or out of date`,
    why: "commits are booked only when boba runs next",
    mend: "boba hooks install",
  });
  const apply = async () => {
    writeScripts(app.paths, await chosenMode(app, null, manifest), isAnyShared(manifest));
    return null;
  };
  return [withRemedy(finding, { key: "script", does: "writes it again", apply })];
}

/** The include line of `boba hooks install --global`. */
function checkGlobal(app: App, { global }: Manifest): Diagnosis[] {
  const include = includePath(app.paths);
  if (global === null || includesOurs(global.file.path, include)) return [];
  const finding = fault("warn", "hooks", {
    what: `boba's line was removed from ${global.file.path}`,
    why: "commits in all repositories are booked only when boba runs next",
    mend: "boba hooks install --global",
  });
  const apply = () => (addInclude(global.file.path, include).state === "read-only" ? "the file cannot be written" : null);
  return [withRemedy(finding, { key: "global", does: "puts it back", apply })];
}

/** Whether what the manifest says boba put into a repository is not there any more. */
function isWiped(app: App, manifest: Manifest, repo: RepoEntry): boolean {
  const { commonDir, include, blocks, seen } = repo;
  if (!existsSync(commonDir)) return false;
  if (include && !includesOurs(join(commonDir, "config"), includePath(app.paths))) return true;
  const hooksDir = seen.findLast(({ root }) => existsSync(root))?.hooksDir ?? null;
  return blocks && missingBlocks(app, repo, hooksDir, isShared(manifest, commonDir)).length > 0;
}

function removed(app: App, repo: RepoEntry): Diagnosis {
  const root = rootOf(repo);
  const finding = fault("warn", "hooks", {
    what: `boba's hooks were removed from ${root}`,
    why: "a hook manager or an edited configuration took them out: commits are booked only when boba runs next",
    mend: `cd ${root} && boba hooks install`,
  });
  const apply = async () => {
    if (isCi(app.env)) return "CI is set here, where boba installs no hooks";
    await healHooks(app, root);
    return null;
  };
  return withRemedy(finding, { key: `hooks ${repo.commonDir}`, does: "puts them back", apply });
}

const rootOf = ({ seen, commonDir }: RepoEntry): string => seen.findLast(({ root }) => existsSync(root))?.root ?? dirname(commonDir);
