/** The branches that merges go to: what came with them, and what is not on them yet. */
import { tryGit } from "./run.ts";

interface At {
  at: string;
  env: NodeJS.ProcessEnv;
}

const NAMES = ["main", "master", "trunk", "develop"];
const MAX_ARRIVED = 1000;
const MAX_UNMERGED = 5000;

/** Tips of the remotes' default branches, and of branches with a usual name for one. */
export async function trunkTips(where: At): Promise<string[]> {
  const patterns = [...NAMES.flatMap((name) => [`refs/heads/${name}`, `refs/remotes/*/${name}`]), "refs/remotes/*/HEAD"];
  const result = await tryGit(["for-each-ref", "--format=%(objectname)", ...patterns], where);
  return [...new Set(result.stdout.toString("latin1").split("\n").filter(Boolean))];
}

/** Commits with one parent that `tips` reach and `seen` did not; without `seen`, those committed since `sinceS` (Unix seconds). Newest first. */
export async function arrivedOn(tips: readonly string[], seen: readonly string[], sinceS: number, where: At): Promise<string[]> {
  const bound = seen.length > 0 ? [] : [`--since=${sinceS}`];
  const args = ["rev-list", "--ignore-missing", "--min-parents=1", "--max-parents=1", `--max-count=${MAX_ARRIVED}`, ...bound, "--stdin"];
  const input = [...tips, ...seen.map((sha) => `^${sha}`)].join("\n");
  const result = await tryGit(args, { ...where, input: `${input}\n` });
  return result.stdout.toString("latin1").split("\n").filter(Boolean);
}

/** What `from` reach and `trunk` does not, with parents, children before parents. */
export async function unmerged(from: readonly string[], trunk: readonly string[], where: At): Promise<Map<string, string[]>> {
  const input = [...from, ...trunk.map((sha) => `^${sha}`)].join("\n");
  const args = ["rev-list", "--ignore-missing", "--parents", "--topo-order", `--max-count=${MAX_UNMERGED}`, "--stdin"];
  const result = await tryGit(args, { ...where, input: `${input}\n` });
  const rows = result.stdout.toString("latin1").split("\n").filter(Boolean);
  return new Map(
    rows.map((row) => {
      const [sha = "", ...parents] = row.split(" ");
      return [sha, parents];
    }),
  );
}
