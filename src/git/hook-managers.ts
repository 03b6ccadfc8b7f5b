/** Hook managers: which ones a repository uses, what they did to boba's lines, and the line to put into their own files. */
import { existsSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { HookEvent, Obstacle, Snippet } from "../core/hooks.ts";
import { shellQuote } from "../core/text.ts";
import { callLine, hasBlock } from "./hook-block.ts";
import { peekBytes } from "./hook-file.ts";
import { type Place, siblingsOf } from "./hook-place.ts";

const LEFTHOOK_FILES = ["lefthook.yml", ".lefthook.yml", "lefthook.yaml", ".lefthook.yaml", "lefthook.toml", "lefthook.json"];

/** Names of the managers whose files are in the worktree, in a fixed order. */
export function findManagers(place: Place, hooksDir: string | null): string[] {
  const there = (file: string) => existsSync(join(place.root, file));
  const manifest = peekBytes(join(place.root, "package.json")) ?? "";
  const hooks = hooksDir === null ? "" : (peekBytes(join(hooksDir, "pre-commit")) ?? "");
  const found: [string, boolean][] = [
    ["husky", there(".husky") || manifest.includes('"husky"')],
    ["lefthook", LEFTHOOK_FILES.some(there)],
    ["simple-git-hooks", manifest.includes('"simple-git-hooks"') || there(".simple-git-hooks.json") || there(".simple-git-hooks.cjs")],
    ["pre-commit", there(".pre-commit-config.yaml")],
    ["entire", there(".entire")],
    ["git-branchless", existsSync(join(place.commonDir, "branchless"))],
    ["gitbutler", hooks.includes("GITBUTLER")],
  ];
  return found.filter(([, is]) => is).map(([name]) => name);
}

/** Why a block that was in `hook` is gone, as far as the files around it tell. */
export function wipeCause(place: Place, hook: string): string {
  const moved = siblingsOf(hook).find((path) => hasBlock(peekBytes(path) ?? ""));
  if (moved?.endsWith(".old")) return `lefthook moved the hook to ${basename(moved)}`;
  if (moved?.endsWith(".legacy")) return `pre-commit moved the hook to ${basename(moved)}`;
  if (moved !== undefined) return `another tool moved the hook to ${basename(moved)}`;
  const text = peekBytes(hook);
  if (text !== null && text.includes("lefthook")) return "lefthook wrote the hook again";
  if (text !== null && text.includes("pre-commit.com")) return "pre-commit wrote the hook again";
  const managers = findManagers(place, dirname(hook));
  if (managers.includes("husky") && basename(dirname(hook)) === "_") return "husky wrote its hooks again (package.json: prepare)";
  if (managers.includes("simple-git-hooks")) return "simple-git-hooks wrote or removed the hook (it removes every hook it does not know)";
  return text === null ? "the hook file was removed" : "the hook file was rewritten";
}

/**
 * The line that serves `event` where boba must not write, for the manager at hand. `script` is the installed spool.sh; below
 * `home` it is written with $HOME, so that the line can be committed: it does nothing for who has no boba.
 */
export function snippetFor(
  place: Place,
  event: HookEvent,
  file: string | null,
  obstacle: Obstacle,
  script: string,
  home: string | undefined,
): Snippet | null {
  // Nothing the user can add helps where git runs no hooks, and git-lfs wants its files untouched.
  if (obstacle === "hooks-off" || obstacle === "git-lfs" || file === null) return null;
  const portable = home && script.startsWith(`${home}/`) ? `"$HOME"${shellQuote(script.slice(home.length))}` : shellQuote(script);
  const line = callLine(event, portable);
  const managers = findManagers(place, dirname(file));
  if (managers.includes("husky")) return { file: `.husky/${event}`, line };
  if (managers.includes("lefthook")) {
    // lefthook puts the hook's arguments in place of {0}.
    return { file: "lefthook.yml", line: `${event}: { jobs: [{ run: ${JSON.stringify(`set -- {0}; ${line}`)} }] }` };
  }
  if (managers.includes("simple-git-hooks"))
    return { file: "package.json", line: `"simple-git-hooks": { "${event}": ${JSON.stringify(line)} }` };
  const inside = relative(place.root, file);
  return { file: inside.startsWith("..") ? file : inside, line };
}
