/** Where hooks of a folder's repository live: found by reading `.git` (cheap, for healing) or by asking git (exact, for installing). */
import { existsSync, lstatSync, readdirSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { BobaError, EXIT } from "../core/errors.ts";
import type { HooksPath } from "../core/hooks.ts";
import { peekBytes, realPathOf } from "./hook-file.ts";
import { tryGit } from "./run.ts";

/** One worktree and the git directories behind it; all real, absolute paths. */
export interface Place {
  root: string;
  gitDir: string;
  commonDir: string;
}

/** The worktree that holds `cwd`, by walking up to the nearest `.git`; null outside one. Starts no process. */
export function findPlace(cwd: string): Place | null {
  for (let at = realPathOf(cwd); ; at = dirname(at)) {
    const gitDir = gitDirOf(join(at, ".git"));
    if (gitDir !== null) {
      const common = firstLine(join(gitDir, "commondir"));
      return { root: at, gitDir, commonDir: common === null ? gitDir : realPathOf(resolve(gitDir, common)) };
    }
    if (dirname(at) === at) return null;
  }
}

function gitDirOf(dotGit: string): string | null {
  const stat = statSync(dotGit, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (stat.isDirectory()) return existsSync(join(dotGit, "HEAD")) ? realPathOf(dotGit) : null;
  const line = firstLine(dotGit);
  return line?.startsWith("gitdir: ") ? realPathOf(resolve(dirname(dotGit), line.slice(8))) : null;
}

function firstLine(path: string): string | null {
  const bytes = peekBytes(path);
  return bytes === null ? null : (Buffer.from(bytes, "latin1").toString("utf8").split(/\r?\n/, 1)[0] ?? null);
}

/**
 * The repository around `cwd` as git sees it; `root` is the git directory itself when it is bare.
 * @throws BobaError BOBA-HOOK-1 outside a repository, BOBA-HOOK-2 when git is too old or the path cannot be written down.
 */
export async function askPlace(cwd: string, env: NodeJS.ProcessEnv): Promise<Place & { bare: boolean }> {
  const ask = ["rev-parse", "--path-format=absolute", "--is-bare-repository", "--git-dir", "--git-common-dir"];
  const at = existsSync(cwd) ? cwd : dirname(cwd);
  const inside = await tryGit([...ask, "--show-toplevel"], { at, env });
  const answer = inside.code === 0 ? inside : await tryGit(ask, { at, env });
  if (answer.code !== 0) {
    throw new BobaError(
      "BOBA-HOOK-1",
      EXIT.usage,
      `not inside a git repository: ${cwd}`,
      "run it inside one, or install for all with: boba hooks install --global",
    );
  }
  const [bare, gitDir, commonDir, root, ...rest] = answer.stdout.toString("utf8").split("\n");
  if (gitDir === undefined || commonDir === undefined || !isAbsolute(gitDir) || !isAbsolute(commonDir) || rest.length > 1) {
    throw new BobaError(
      "BOBA-HOOK-2",
      EXIT.failed,
      "git's answer about this repository cannot be used",
      "use git 2.31 or later, and a path without newlines",
    );
  }
  const isBare = bare === "true" || inside.code !== 0;
  return { root: isBare || !root ? gitDir : realPathOf(root), gitDir: realPathOf(gitDir), commonDir: realPathOf(commonDir), bare: isBare };
}

/** The hooks folder in force for a worktree. Asked from its root: in `.git` a relative value would resolve to `.git/<value>`. */
export async function effectiveHooksPath(root: string, env: NodeJS.ProcessEnv): Promise<HooksPath> {
  const setting = await tryGit(["config", "--null", "--show-scope", "--show-origin", "--get-all", "core.hooksPath"], { at: root, env });
  // Three fields a value, each ended by a NUL; the last value wins.
  const fields = setting.code === 0 ? setting.stdout.toString("utf8").split("\0").slice(0, -1).slice(-3) : [];
  const [scope = null, origin = null, value = null] = fields;
  if (value === "") return { dir: null, value, scope, origin };
  const dir = await tryGit(["rev-parse", "--path-format=absolute", "--git-path", "hooks"], { at: root, env });
  const path = dir.stdout.toString("utf8").replace(/\n$/, "");
  return { dir: dir.code === 0 && isAbsolute(path) ? path : null, value, scope, origin };
}

/**
 * The global configuration file that `git config --global` would write: GIT_CONFIG_GLOBAL, `~/.gitconfig`, or the one below
 * XDG_CONFIG_HOME when it alone exists (git-config, FILES).
 */
export function globalConfigFile(env: NodeJS.ProcessEnv): string | null {
  if (env["GIT_CONFIG_GLOBAL"]) return resolve(env["GIT_CONFIG_GLOBAL"]);
  const home = env["HOME"];
  const xdg = env["XDG_CONFIG_HOME"] || (home ? join(home, ".config") : "");
  const xdgFile = xdg ? join(xdg, "git", "config") : "";
  if (home && existsSync(join(home, ".gitconfig"))) return join(home, ".gitconfig");
  if (xdgFile && existsSync(xdgFile)) return xdgFile;
  return home ? join(home, ".gitconfig") : null;
}

/**
 * Whether other accounts use this repository. An include of a file below another's home is fatal for them: git ignores a missing
 * include, but dies on one that it may not open.
 */
export function isSharedRepository(commonDir: string): boolean {
  const shared = /^\s*sharedrepository\s*=\s*(?!false|umask|0\s*$)\S/im.test(peekBytes(join(commonDir, "config")) ?? "");
  const { uid } = userInfo();
  return shared || (uid >= 0 && statSync(commonDir).uid !== uid);
}

/**
 * Changes with the files that mostly decide `core.hooksPath`: a cheap reason not to ask git again. Files that those include and the system's are not
 * among them: `boba hooks status` and `boba doctor` ask git.
 */
export function configSignature(place: Place, env: NodeJS.ProcessEnv): string {
  const files = [join(place.commonDir, "config"), join(place.gitDir, "config.worktree"), globalConfigFile(env) ?? ""];
  return files
    .map((file) => (file === "" ? undefined : statSync(file, { throwIfNoEntry: false })))
    .map((stat) => (stat === undefined ? "-" : `${stat.size}:${stat.mtimeMs}:${stat.ino}`))
    .join(" ");
}

/** Names that hook managers give to a hook they push aside. */
const SIBLINGS = [".legacy", ".old", ".pre-entire", ".bak"];

/** The files beside `hook` that a manager may have moved it to, as far as they exist. */
export function siblingsOf(hook: string): string[] {
  return SIBLINGS.map((ending) => hook + ending).filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

/** Whether a folder is there and holds nothing. */
export function isEmptyFolder(path: string): boolean {
  return existsSync(path) && readdirSync(path).length === 0;
}
