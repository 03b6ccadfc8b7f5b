/** What lies below commits along their first parents, for any number of them in one process. */
import { tryGit } from "./run.ts";

const MAX_LINES = 5000;

/** The first parent of each commit from the tips down, as far as is worth looking; a root, and what git does not have, has none. */
export async function firstParents(tips: readonly string[], where: { at: string; env: NodeJS.ProcessEnv }): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (tips.length === 0) return found;
  const args = ["rev-list", "--first-parent", "--parents", "--ignore-missing", `--max-count=${MAX_LINES}`, "--stdin"];
  const result = await tryGit(args, { ...where, input: `${tips.join("\n")}\n` });
  for (const line of result.stdout.toString("utf8").split("\n")) {
    const [sha = "", parent] = line.split(" ");
    if (parent !== undefined) found.set(sha, parent);
  }
  return found;
}

/** All parents of each commit from `tips` down, the newest commits first, as far as is worth looking; what git does not have is left out. */
export async function parentsBelow(tips: readonly string[], where: { at: string; env: NodeJS.ProcessEnv }): Promise<Map<string, string[]>> {
  if (tips.length === 0) return new Map();
  const args = ["rev-list", "--parents", "--ignore-missing", `--max-count=${MAX_LINES}`, "--stdin"];
  const result = await tryGit(args, { ...where, input: `${tips.join("\n")}\n` });
  const rows = result.stdout.toString("utf8").split("\n").filter(Boolean);
  return new Map(
    rows.map((row) => {
      const [sha = "", ...parents] = row.split(" ");
      return [sha, parents];
    }),
  );
}
