/** What git knows about commits, for any number of them with one process a question. Input goes through stdin, never argv. */
import { git, tryGit } from "./run.ts";
import { WITHOUT_OWN_REFS } from "./refs.ts";

export interface CommitInfo {
  sha: string;
  parents: string[];
  /** `Name <email>`. */
  author: string;
  /** Unix seconds. */
  authoredAt: number;
  committedAt: number;
  subject: string;
  /** Commits that the message says this one was picked from (`-x`), or squashed from (git's own squash text). */
  mentions: { kind: "picked" | "squashed-in"; sha: string }[];
}

interface At {
  at: string;
  env: NodeJS.ProcessEnv;
}

const MAX_TEXT = 300;

/** Reads commit objects; those that are missing (pruned, or not in a shallow clone) are simply not in the result. */
export async function readCommits(shas: readonly string[], where: At): Promise<Map<string, CommitInfo>> {
  const found = new Map<string, CommitInfo>();
  if (shas.length === 0) return found;
  const result = await tryGit(["cat-file", "--batch"], { ...where, input: `${shas.join("\n")}\n` });
  const out = result.stdout;
  for (let at = 0; at < out.length;) {
    const lineEnd = out.indexOf(10, at);
    if (lineEnd < 0) break;
    const [sha = "", type, size] = out.toString("latin1", at, lineEnd).split(" ");
    at = lineEnd + 1;
    if (size === undefined) continue;
    const end = at + Number(size);
    if (type === "commit") found.set(sha, parseCommit(sha, out.toString("utf8", at, end)));
    at = end + 1;
  }
  return found;
}

function parseCommit(sha: string, text: string): CommitInfo {
  const split = text.indexOf("\n\n");
  const head = split < 0 ? text : text.slice(0, split);
  const parents = [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1] as string);
  const author = /^author (.*?>) (\d+) [+-]\d+$/m.exec(head);
  const committer = /^committer .*?> (\d+) [+-]\d+$/m.exec(head);
  const subject = split < 0 ? "" : (text.slice(split + 2).split("\n", 1)[0] ?? "");
  return {
    sha,
    parents,
    author: (author?.[1] ?? "").slice(0, MAX_TEXT),
    authoredAt: Number(author?.[2] ?? 0),
    committedAt: Number(committer?.[1] ?? 0),
    subject: subject.slice(0, MAX_TEXT),
    mentions: split < 0 ? [] : mentionsIn(text.slice(split + 2)),
  };
}

const MAX_MENTIONS = 1000;

function mentionsIn(message: string): CommitInfo["mentions"] {
  const picked = [...message.matchAll(/^\(cherry picked from commit ([0-9a-f]{40,64})\)$/gm)];
  const squashed = message.includes("Squashed commit of the following:") ? [...message.matchAll(/^commit ([0-9a-f]{40,64})$/gm)] : [];
  return [
    ...picked.map((match) => ({ kind: "picked" as const, sha: match[1] as string })),
    ...squashed.map((match) => ({ kind: "squashed-in" as const, sha: match[1] as string })),
  ].slice(0, MAX_MENTIONS);
}

/** Those of `shas` that no ref and no worktree's HEAD reaches; notes and our own refs do not count. */
export function unreachable(shas: readonly string[], where: At): Promise<Set<string>> {
  return outOfReach([...WITHOUT_OWN_REFS, "--all"], shas, where);
}

/** Those of `shas` that are missing or that none of the revisions `from` (trusted: they are arguments) reaches. */
export async function outOfReach(from: readonly string[], shas: readonly string[], where: At): Promise<Set<string>> {
  if (shas.length === 0) return new Set();
  const check = await git(["cat-file", "--batch-check=%(objectname) %(objecttype)"], { ...where, input: `${shas.join("\n")}\n` });
  const present = new Set(
    check
      .split("\n")
      .filter((line) => line.endsWith(" commit"))
      .map((line) => line.split(" ", 1)[0] as string),
  );
  const lost = new Set(shas.filter((sha) => !present.has(sha)));
  if (present.size === 0) return lost;
  const args = ["rev-list", "--not", ...from, "--not", "--stdin"];
  const listed = await git(args, { ...where, input: `${[...present].join("\n")}\n` });
  for (const sha of listed.split("\n")) if (present.has(sha)) lost.add(sha);
  return lost;
}
