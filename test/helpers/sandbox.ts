/** A throw-away HOME with real git and the built program: what a test stands on. */
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { removeFolder } from "./remove.ts";

export const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
export const BOBA = join(PROJECT, "dist", "main.js");

export interface Sandbox {
  /** Everything lies below here; removed when the test ends. */
  dir: string;
  home: string;
  bobaHome: string;
  db: string;
  env: NodeJS.ProcessEnv;
  /** Runs the built program; throws when it exits with anything but `expect` (default 0; null accepts all). */
  boba(args: readonly string[], options?: RunOptions): SpawnSyncReturns<string>;
  /** Runs `boba <args> --format json` and parses stdout. */
  json(args: readonly string[], options?: RunOptions): any;
  /** Runs git in `at`; throws when it fails unless `expect` says otherwise. Returns trimmed stdout. */
  git(at: string, ...args: string[]): string;
  /** Like `git`, for commands that may fail: the whole result. */
  tryGit(at: string, args: readonly string[], options?: RunOptions): SpawnSyncReturns<string>;
  /** A repository with a root commit on `main`, in `<dir>/<name>`. */
  repo(name?: string): string;
  write(at: string, file: string, text: string): void;
}

export interface RunOptions {
  cwd?: string;
  expect?: number | null;
  env?: NodeJS.ProcessEnv;
  input?: string;
}

/** Makes a sandbox; `BOBA_TEST_GIT=/path/to/git` puts that git first on PATH. */
export function sandbox(): Sandbox {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "boba-test-")));
  onTestFinished(() => removeFolder(dir));
  return sandboxIn(dir);
}

/** The same in a folder that the caller removes. */
export function sandboxIn(dir: string): Sandbox {
  const home = join(dir, "home");
  mkdirSync(home, { recursive: true });
  writeFileSync(
    join(home, ".gitconfig"),
    '[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n[commit]\n\tgpgsign = false\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[protocol "file"]\n\tallow = always\n[advice]\n\tdetachedHead = false\n',
  );
  const testGit = process.env["BOBA_TEST_GIT"];
  const path = [...(testGit ? [dirname(testGit)] : []), dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
  const env: NodeJS.ProcessEnv = {
    PATH: path,
    HOME: home,
    TMPDIR: process.env["TMPDIR"] ?? tmpdir(),
    TZ: process.env["TZ"] ?? "UTC",
    LANG: process.env["LANG"] ?? "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_EDITOR: "true",
    GIT_TERMINAL_PROMPT: "0",
  };
  const spawn = (program: string, args: readonly string[], options: RunOptions = {}) => {
    const result = spawnSync(program, args, {
      cwd: options.cwd ?? dir,
      env: { ...env, ...options.env },
      encoding: "utf8",
      input: options.input ?? "",
      maxBuffer: 1 << 28,
    });
    const wanted = options.expect === undefined ? 0 : options.expect;
    if (wanted !== null && result.status !== wanted) {
      throw new Error(`${program} ${args.join(" ")}\n  exited ${result.status}, not ${wanted}\n${result.stdout}${result.stderr}`);
    }
    return result;
  };
  const self: Sandbox = {
    dir,
    home,
    bobaHome: join(home, ".boba"),
    db: join(home, ".boba", "usage.db"),
    env,
    boba: (args, options) => spawn(process.execPath, [BOBA, ...args], options),
    json: (args, options) => JSON.parse(self.boba([...args, "--format", "json"], options).stdout),
    git: (at, ...args) => spawn("git", args, { cwd: at }).stdout.trim(),
    tryGit: (at, args, options) => spawn("git", args, { expect: null, cwd: at, ...options }),
    repo(name = "repo") {
      const at = join(dir, name);
      mkdirSync(at, { recursive: true });
      self.git(at, "init", "-q", "-b", "main");
      self.git(at, "commit", "-q", "--allow-empty", "-m", "root");
      return at;
    },
    write(at, file, text) {
      mkdirSync(dirname(join(at, file)), { recursive: true });
      writeFileSync(join(at, file), text);
    },
  };
  return self;
}
