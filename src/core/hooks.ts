/** The words about git hooks: which events boba listens to, how, and what may stand in the way. */

/** What git calls a hook for; the spool's first field. */
export const HOOK_EVENTS = ["post-commit", "post-rewrite", "post-checkout", "post-merge", "post-applypatch"] as const;
/** The same and, for clones that share their notes, the push: what may be found installed. */
export const ALL_HOOK_EVENTS = [...HOOK_EVENTS, "pre-push"] as const;
export type HookEvent = (typeof ALL_HOOK_EVENTS)[number];

/** The events that are hooked where notes are shared, or not. */
export function hookEvents(share: boolean): readonly HookEvent[] {
  return share ? ALL_HOOK_EVENTS : HOOK_EVENTS;
}

/** `background`: a detached run after each event; `lazy`: the next boba command does the work; `summary`: one line after a commit. */
export const HOOK_MODES = ["background", "lazy", "summary"] as const;
export type HookMode = (typeof HOOK_MODES)[number];

/** Why boba does not write into a hook file. There the reflog sweep alone finds what git did. */
export const OBSTACLES = {
  "tracked-folder": "the hooks folder is part of the project's files",
  "shared-folder": "the hooks folder lies outside the repository and may serve others",
  symlink: "the hook is a symbolic link",
  interpreter: "the hook is not a plain sh, bash, dash or zsh script",
  "not-executable": "the hook is switched off (not executable)",
  "git-lfs": "git-lfs refuses to install beside other hooks",
  "hooks-off": "core.hooksPath is empty: git runs no hook files",
  "not-writable": "the hook cannot be written",
} as const;
export type Obstacle = keyof typeof OBSTACLES;

/** How one event reaches the spool. */
export interface EventCoverage {
  event: HookEvent;
  /** Through the include file: git 2.54 and later. */
  include: boolean;
  /** Through the block in the hook file: any git. */
  block: boolean;
  /** The hook file of the effective hooks folder; null when git runs none. */
  file: string | null;
  /** Why there is no block although an older git may run here; null when there is one, or none is needed. */
  obstacle: Obstacle | null;
}

/** One git that may run in this repository. */
export interface GitFound {
  path: string;
  /** As printed, e.g. `2.39.5`; null when it did not answer. */
  version: string | null;
  /** Whether it reads hooks from the configuration (2.54 and later). */
  configHooks: boolean;
}

/** The effective `core.hooksPath`. */
export interface HooksPath {
  /** The folder git takes hook files from, absolute; null when an empty value switches them off. */
  dir: string | null;
  /** The value as configured; null when it is not set. */
  value: string | null;
  /** `system`, `global`, `local`, `worktree`, `command`; null when not set. */
  scope: string | null;
  /** E.g. `file:.git/config`; null when not set. */
  origin: string | null;
}

/** A line to put into a hook manager's own file, where boba must not write itself. */
export interface Snippet {
  /** The file to edit, relative to the worktree or absolute. */
  file: string;
  line: string;
}

export type IncludeState = "added" | "present" | "absent" | "read-only";

/** What `boba hooks install` did. */
export interface InstallReport {
  scope: "repository" | "global";
  /** Why nothing was done; null when it was. */
  skipped: "ci" | "bare" | null;
  /** The worktree that was served; null outside one. */
  root: string | null;
  mode: HookMode;
  /** Whether notes are pushed after a push. */
  share: boolean;
  include: { state: IncludeState; file: string; lines: readonly string[] };
  /** This clone's id, 8 hex; null when not per repository or the config is read-only. */
  clone: string | null;
  events: readonly EventCoverage[];
  /** Files that were written. Empty when everything was in place already. */
  written: readonly string[];
  snippets: readonly Snippet[];
}

/** What `boba hooks uninstall` did. */
export interface UninstallReport {
  /** Files cut or removed. */
  restored: readonly { path: string; removed: boolean }[];
  /** Files that hold lines of boba and could not be written. */
  failed: readonly string[];
  purged: readonly string[];
}

/** What `boba hooks status` found. */
export interface HooksStatus {
  root: string | null;
  commonDir: string | null;
  mode: HookMode;
  /** Whether notes are pushed after a push from here. */
  share: boolean;
  include: { repository: boolean; global: boolean };
  hooksPath: (HooksPath & { exists: boolean }) | null;
  events: readonly EventCoverage[];
  gits: readonly GitFound[];
  managers: readonly string[];
  /** Files beside the hooks that hold boba's lines: a manager moved them there. */
  moved: readonly string[];
  lfs: boolean;
  clone: string | null;
  warnings: readonly string[];
}

/** What a healing run mended. */
export interface Healed {
  file: string;
  what: "include" | "block" | "script";
  /** The likely cause, in words. */
  cause: string;
}
