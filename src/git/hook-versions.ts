/** Which gits may run here, and whether each reads hooks from its configuration. */
import { existsSync } from "node:fs";
import { platform } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import type { GitFound } from "../core/hooks.ts";
import { gitVersion } from "./run.ts";
import { realPathOf } from "./hook-file.ts";

/** Where desktop programs and package managers keep a git of their own, beside PATH. */
const KNOWN = [
  "/usr/bin/git",
  "/usr/local/bin/git",
  "/opt/homebrew/bin/git",
  "/home/linuxbrew/.linuxbrew/bin/git",
  "/Library/Developer/CommandLineTools/usr/bin/git",
  "/Applications/Xcode.app/Contents/Developer/usr/bin/git",
  "/Applications/GitHub Desktop.app/Contents/Resources/app/git/bin/git",
  "/Applications/Fork.app/Contents/Resources/git-instance/bin/git",
  "/Applications/Sourcetree.app/Contents/Resources/git_local/bin/git",
  "/Applications/Tower.app/Contents/Resources/git/bin/git",
  "/usr/lib/github-desktop/resources/app/git/bin/git",
];

/** `hook.<name>.command` came with git 2.54.0 (its release notes). */
const CONFIG_HOOKS_SINCE = [2, 54] as const;

/** Every git on PATH and in the known places, each real file once. */
export async function findGits(env: NodeJS.ProcessEnv): Promise<GitFound[]> {
  const onPath = (env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, "git"));
  const seen = new Set<string>();
  const paths = [...onPath, ...KNOWN].filter((path) => {
    // On macOS this one is a switch to the developer tools' git, and opens a window where there is none.
    if (platform() === "darwin" && path === "/usr/bin/git") return false;
    const real = realPathOf(path);
    return existsSync(path) && !seen.has(real) && seen.add(real);
  });
  return Promise.all(
    paths.map(async (path) => {
      const version = await gitVersion(path, env);
      return { path, version, configHooks: version !== null && readsConfigHooks(version) };
    }),
  );
}

/** Whether a version such as `2.55.0` or `2.39.5.dev` runs hooks from the configuration. */
export function readsConfigHooks(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  const [wantedMajor, wantedMinor] = CONFIG_HOOKS_SINCE;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
