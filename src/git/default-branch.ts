/** The branch that work ships on, and what it reaches. */
import type { Revert } from "../core/state.ts";
import { outOfReach } from "./commits.ts";
import { tryGit } from "./run.ts";

interface At {
  at: string;
  env: NodeJS.ProcessEnv;
}

/**
 * The ref of the default branch: what `origin/HEAD` names, else the remote's `main` or `master`, else the local one, else the only branch
 * there is. Null when none of these exists; undefined when git cannot read the repository.
 */
export async function defaultBranch(where: At): Promise<string | null | undefined> {
  const result = await tryGit(["for-each-ref", "--format=%(refname)%00%(symref)", "refs/heads", "refs/remotes"], where);
  if (result.code !== 0) return undefined;
  const lines = result.stdout.toString("utf8").split("\n").filter(Boolean);
  const refs = new Map(lines.map((line) => line.split("\0") as [string, string]));
  const others = [...refs.keys()].filter((ref) => ref.startsWith("refs/remotes/")).map((ref) => ref.split("/").slice(0, 3).join("/"));
  const remotes = new Set(["refs/remotes/origin", ...others]);
  const heads = [...refs.keys()].filter((ref) => ref.startsWith("refs/heads/"));
  const candidates = [
    ...[...remotes].map((remote) => refs.get(`${remote}/HEAD`) ?? ""),
    ...[...remotes, "refs/heads"].flatMap((folder) => [`${folder}/main`, `${folder}/master`]),
    ...(heads.length === 1 ? heads : []),
  ];
  return candidates.find((ref) => refs.has(ref)) ?? null;
}

/** Those of `shas` that `ref` reaches. */
export async function reachedBy(ref: string, shas: readonly string[], where: At): Promise<Set<string>> {
  const beyond = await outOfReach([ref], shas, where);
  return new Set(shas.filter((sha) => !beyond.has(sha)));
}

/** A clock this far behind still does not hide a revert: dates only say where to stop looking. */
const SLACK_S = 30 * 86_400;
const MAX_BYTES = 64 * 1024 * 1024;
const REVERT = /^This reverts commit ([0-9a-f]{40,64})(?:, reversing\s+changes made to ([0-9a-f]{40,64}))?/gm;

/** The reverts among the commits that `ref` reaches, in git's own wording; looked for in what is not older than `sinceS` (Unix seconds). */
export async function revertsOn(ref: string, sinceS: number, where: At): Promise<Revert[]> {
  const args = ["rev-list", "--grep=^This reverts commit [0-9a-f]", "--no-commit-header", "--format=%H%n%B%x00", ...since(sinceS)];
  const result = await tryGit([...args, "--end-of-options", ref, "--"], { ...where, maxBytes: MAX_BYTES });
  const messages = result.stdout.toString("utf8").split("\0");
  return messages.flatMap((text): Revert[] => {
    const [sha = "", ...lines] = text.trimStart().split("\n");
    const reverts = [...lines.join("\n").matchAll(REVERT)].map(([, of = "", base]) => ({ sha: of, base: base ?? null }));
    return reverts.length === 0 ? [] : [{ sha, reverts }];
  });
}

/** Parents of the commits that `ref` reaches, down to those older than `sinceS`. */
export async function parentsOn(ref: string, sinceS: number, where: At): Promise<Map<string, string[]>> {
  const result = await tryGit(["rev-list", "--parents", ...since(sinceS), "--end-of-options", ref, "--"], where);
  const lines = result.stdout.toString("latin1").split("\n").filter(Boolean);
  return new Map(lines.map((line) => line.split(" ")).map(([sha = "", ...parents]) => [sha, parents]));
}

function since(sinceS: number): string[] {
  return sinceS > SLACK_S ? [`--since=${sinceS - SLACK_S}`] : [];
}
