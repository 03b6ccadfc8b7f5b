/** Why a hooks folder or a hook file must be left alone. Anything that is not certainly safe is an obstacle. */
import { existsSync, lstatSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { HookEvent, HooksPath, Obstacle } from "../core/hooks.ts";
import { peekBytes, realPathOf } from "./hook-file.ts";
import type { Place } from "./hook-place.ts";
import { tryGit } from "./run.ts";

const SHELLS = new Set(["sh", "bash", "dash", "zsh"]);

/** Events that git-lfs installs hooks for; it refuses when one of these files is not its own template. */
const LFS_EVENTS: ReadonlySet<HookEvent> = new Set(["post-commit", "post-checkout", "post-merge", "pre-push"]);

/** What stands in the way of the whole folder: only git's own folder, or an ignored one of this worktree, may be written. */
export async function folderObstacle(place: Place, hooks: HooksPath, env: NodeJS.ProcessEnv): Promise<Obstacle | null> {
  if (hooks.dir === null) return "hooks-off";
  const dir = realPathOf(hooks.dir);
  if (isBelow(dir, place.commonDir)) return null;
  if (!isBelow(dir, place.root)) return "shared-folder";
  // A file inside, because a pattern may ignore what is in the folder but not the folder (husky: `.husky/_/.gitignore` is `*`).
  const ignored = await tryGit(["check-ignore", "-q", "--", relative(place.root, join(dir, "post-commit"))], { at: place.root, env });
  return ignored.code === 0 ? null : "tracked-folder";
}

/** What stands in the way of one hook file; null when it is absent or a shell script that git runs. */
export function fileObstacle(path: string, event: HookEvent, lfs: boolean): Obstacle | null {
  if (lfs && LFS_EVENTS.has(event)) return "git-lfs";
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (stat.isSymbolicLink()) return "symlink";
  if (!stat.isFile()) return "interpreter";
  const text = peekBytes(path);
  if (text === null) return "not-writable";
  if (!isShellScript(text)) return "interpreter";
  return (stat.mode & 0o111) === 0 ? "not-executable" : null;
}

/** Whether the shebang names a POSIX-like shell. Without one git lets `sh` run it; a NUL byte means a program. */
export function isShellScript(text: string): boolean {
  if (!text.startsWith("#!")) return !text.slice(0, 8000).includes("\0");
  const line = text.slice(2).split("\n", 1)[0] as string;
  // With a carriage return the kernel looks for an interpreter of that name and finds none.
  if (line.includes("\r")) return false;
  const [interpreter = "", ...rest] = line.trim().split(/[ \t]+/);
  const name = (path: string) => path.split("/").at(-1) as string;
  if (name(interpreter) !== "env") return SHELLS.has(name(interpreter));
  const program = rest.find((word) => !word.startsWith("-") && !word.includes("="));
  return program !== undefined && SHELLS.has(name(program));
}

/** Whether git-lfs works in this repository: its store, its hooks, its attributes or its filter in the config. */
export function usesLfs(place: Place, hooksDir: string | null): boolean {
  const holds = (path: string, pattern: RegExp) => pattern.test(peekBytes(path) ?? "");
  return (
    existsSync(join(place.commonDir, "lfs")) ||
    holds(join(place.commonDir, "config"), /^\s*\[(lfs|filter "lfs")/m) ||
    holds(join(place.root, ".gitattributes"), /filter=lfs/) ||
    (hooksDir !== null && [...LFS_EVENTS].some((name) => holds(join(hooksDir, name), /\bgit[ -]lfs\b/)))
  );
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}
