/** Reads any number of objects with two processes, however many there are. Sizes are asked first, so a huge object is never loaded. */
import { BobaError, EXIT } from "../core/errors.ts";
import { git, type GitOptions, tryGit } from "./run.ts";

/** The shared git directory of a repository, and the environment to run git in. */
export interface Repository {
  commonDir: string;
  env: NodeJS.ProcessEnv;
}

export interface ObjectLimits {
  /** Bytes of one object. */
  each: number;
  /** Bytes of all of them: the rest is left out. */
  total: number;
}

/** Runs git on the repository itself, whatever folder or `safe.bareRepository` say. */
export function inRepository(repo: Repository, args: readonly string[], options: Omit<GitOptions, "at" | "env"> = {}): Promise<string> {
  return git(["--git-dir", repo.commonDir, ...args], { ...options, at: repo.commonDir, env: repo.env });
}

/** What exists of `names` (full ids, or `<id>^{tree}`): id, type and size by name. */
export async function checkObjects(repo: Repository, names: readonly string[]): Promise<Map<string, { type: string; size: number }>> {
  const found = new Map<string, { type: string; size: number }>();
  if (names.length === 0) return found;
  const out = await inRepository(repo, ["cat-file", "--batch-check", "--buffer"], { input: `${names.join("\n")}\n` });
  for (const [at, line] of out.split("\n").entries()) {
    const [, type, size] = /^[0-9a-f]{40,64} ([a-z]+) (\d+)$/.exec(line) ?? [];
    const name = names[at];
    if (name !== undefined && type !== undefined) found.set(name, { type, size: Number(size) });
  }
  return found;
}

/** The bytes of those of `names` that exist, are of `type` and fit the limits. */
export async function readObjects(
  repo: Repository,
  names: readonly string[],
  type: "tree" | "blob",
  limits: ObjectLimits,
): Promise<Map<string, Buffer>> {
  const distinct = [...new Set(names)];
  const sizes = await checkObjects(repo, distinct);
  let total = 0;
  const wanted = distinct.filter((name) => {
    const object = sizes.get(name);
    if (object === undefined || object.type !== type || object.size > limits.each || total + object.size > limits.total) return false;
    total += object.size;
    return true;
  });
  const bodies = new Map<string, Buffer>();
  if (wanted.length === 0) return bodies;
  const result = await tryGit(["--git-dir", repo.commonDir, "cat-file", "--batch", "--buffer"], {
    at: repo.commonDir,
    env: repo.env,
    input: `${wanted.join("\n")}\n`,
    maxBytes: total + wanted.length * 200 + 65_536,
  });
  if (result.code !== 0) {
    throw new BobaError(
      "BOBA-NOTE-6",
      EXIT.failed,
      "git could not read its own objects",
      `check the repository: git -C ${repo.commonDir} fsck`,
    );
  }
  const out = result.stdout;
  let at = 0;
  for (const name of wanted) {
    const end = out.indexOf(10, at);
    const header = out.toString("latin1", at, end).split(" ");
    // An object that vanished since it was asked for (a collection at the same time) has no size.
    const size = header.length === 3 ? Number(header[2]) : Number.NaN;
    at = end + 1;
    if (Number.isNaN(size)) continue;
    bodies.set(name, out.subarray(at, at + size));
    at += size + 1;
  }
  return bodies;
}
