/** The door to git: one process, a clean environment, no prompt, no optional lock, no hook of ours. */
import { run, type RunOptions, type RunResult } from "../platform/exec.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { withoutSecrets } from "../core/secret.ts";

export interface GitOptions extends Omit<RunOptions, "env" | "cwd"> {
  /** The folder to run in: a worktree root, or a git directory. */
  at: string;
  env: NodeJS.ProcessEnv;
}

/** Variables by which a hook's environment would point git at another repository, index or object store. */
const LOCAL_VARIABLES = [
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_CONFIG",
  "GIT_CONFIG_PARAMETERS",
  "GIT_DIR",
  "GIT_GRAFT_FILE",
  "GIT_INDEX_FILE",
  "GIT_INTERNAL_SUPER_PREFIX",
  "GIT_NAMESPACE",
  "GIT_NOTES_REF",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
  "GIT_QUARANTINE_PATH",
  "GIT_REFLOG_ACTION",
  "GIT_SHALLOW_FILE",
  "GIT_WORK_TREE",
];

/** The environment for git, and for what git itself starts: the caller's, less secrets and what a hook adds, with every way to ask a person switched off. */
export function gitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const clean: NodeJS.ProcessEnv = {
    ...withoutSecrets(env),
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    BOBA_HOOKS: "0",
  };
  for (const name of LOCAL_VARIABLES) delete clean[name];
  return clean;
}

/** Runs git and returns whatever happened. */
export function tryGit(args: readonly string[], options: GitOptions): Promise<RunResult> {
  const { at, env, ...rest } = options;
  return run("git", args, { ...rest, cwd: at, env: gitEnvironment(env) });
}

/**
 * Runs git and returns its stdout.
 * @throws BobaError BOBA-GIT-1 when git exits non-zero (its own first line is kept) or is not installed.
 */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  const result = await tryGit(args, options);
  if (result.code === 0) return result.stdout.toString("utf8");
  const missing = result.code === 127;
  throw new BobaError(
    "BOBA-GIT-1",
    EXIT.failed,
    missing ? "git could not be started" : `git ${args[0] ?? ""} failed in ${options.at}: ${result.stderr.trim().split("\n")[0] ?? ""}`,
    missing ? "install git, or add it to PATH" : `try it by hand: git -C ${options.at} ${args.slice(0, 3).join(" ")}`,
  );
}

/** The version that the git at `program` prints, e.g. `2.39.5`; null when it does not answer within a few seconds. */
export async function gitVersion(program: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const result = await run(program, ["--version"], { env: gitEnvironment(env), timeoutMs: 5_000, maxBytes: 10_000 });
  return result.code === 0 ? (/^git version (\d+\.\d+[0-9A-Za-z.-]*)/.exec(result.stdout.toString("utf8"))?.[1] ?? null) : null;
}
