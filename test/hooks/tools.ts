/** What the hook tests share: an app without a process around it, the spool as rows, and fingerprints of files. */
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import type { GitFound, HookMode } from "../../src/core/hooks.ts";
import type { App } from "../../src/flow/app.ts";
import { installHooks } from "../../src/flow/hooks-install.ts";
import { uninstallHooks } from "../../src/flow/hooks-uninstall.ts";
import { readsConfigHooks } from "../../src/git/hook-versions.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import type { Sandbox } from "../helpers/sandbox.ts";

export const OLD_GIT: GitFound = { path: "/usr/bin/git", version: "2.39.5", configHooks: false };
export const NEW_GIT: GitFound = { path: "/usr/bin/git", version: "2.55.0", configHooks: true };

export function appAt(box: Sandbox, cwd: string, env: NodeJS.ProcessEnv = {}): App {
  const all = { ...box.env, ...env };
  return { paths: resolvePaths(all), env: all, cwd, now: Date.now, log: { write: () => undefined }, progress: () => undefined };
}

/** Installs as on a machine whose only git is `git` (default: an old one, so that blocks are wanted). */
export function install(box: Sandbox, cwd: string, git: GitFound = OLD_GIT) {
  return installHooks(appAt(box, cwd), { global: false, mode: "lazy", force: false, gits: [git] });
}

export function uninstall(box: Sandbox, cwd: string) {
  return uninstallHooks(appAt(box, cwd), { global: false, all: false, purge: false });
}

/** Whether the git under test reads hooks from the configuration. */
export function gitIsNew(box: Sandbox): boolean {
  return readsConfigHooks(box.git(box.dir, "version").replace("git version ", ""));
}

export function gitProgram(box: Sandbox): string {
  const folder = (box.env["PATH"] as string).split(delimiter).find((entry) => existsSync(join(entry, "git")));
  return join(folder as string, "git");
}

export function spoolFile(box: Sandbox): string {
  return join(box.bobaHome, "git-hooks", "spool");
}

/** The fields of each line in the spool. */
export function spool(file: string): string[][] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t"));
}

/** Distinct second fields, sorted. */
export function events(box: Sandbox): string[] {
  return [...new Set(spool(spoolFile(box)).map((row) => row[1] as string))].toSorted();
}

/** SHA-256 and mode of every file below `folders` (relative to `root`), so that equality means byte-identical. */
export function fingerprints(root: string, ...folders: string[]): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (path: string) => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return;
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isDirectory()) {
      found[`${relative(root, path)}/`] = mode;
      for (const name of readdirSync(path)) visit(join(path, name));
    } else if (stat.isSymbolicLink()) found[relative(root, path)] = `link ${readlinkSync(path)}`;
    else found[relative(root, path)] = `${mode} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
  };
  for (const folder of folders) visit(join(root, folder));
  return found;
}

/** Puts a shell script in the place of Node.js in the installed spool.sh; `sync` waits for it where hooks would not. */
export function replaceNode(box: Sandbox, body: string, sync = false): void {
  const stub = join(box.dir, "stub-node");
  writeFileSync(stub, `#!/bin/sh\n${body}`, { mode: 0o755 });
  const script = join(box.bobaHome, "git-hooks", "spool.sh");
  const text = readFileSync(script, "utf8").replace(/^boba_node=.*$/m, `boba_node='${stub}'`);
  writeFileSync(script, sync ? text.replace(" 3>&- &", " 3>&-") : text);
}

/** Installs for exactly the git under test: one delivery an event, by include or by block. */
export function installOnce(box: Sandbox, cwd: string, mode: HookMode = "lazy") {
  return installHooks(appAt(box, cwd), { global: false, mode, force: false, gits: [gitIsNew(box) ? NEW_GIT : OLD_GIT] });
}
