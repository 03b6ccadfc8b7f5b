/** Which pull request has just landed, as the CI system tells it. */
import { dig, readPayload, sha } from "./ci-env.ts";

export interface MergedPull {
  /** The commit on the base branch that the merge ended with. */
  merge: string;
  base: string | null;
  /** Null when only `headRef` is known. */
  head: string | null;
  /** Ref of the remote that holds the head, also after its branch is gone. */
  headRef: string | null;
  /** How many commits the pull request has, if told. */
  commits: number | null;
}

/**
 * GitHub: the event `pull_request: closed`, or a push whose commit names the pull request (`Merge pull request #7 from`, `... (#7)`).
 * GitLab: a pipeline of the base branch whose commit says `See merge request group/project!7`. Such a name is only where to look:
 * whether that pull request is what landed is for content to decide. "unmerged": closed without a merge. Null: nothing is told.
 */
export function readMergedPull(env: NodeJS.ProcessEnv): MergedPull | "unmerged" | null {
  const payload = readPayload(env["GITHUB_EVENT_PATH"]);
  const pull = dig(payload, "pull_request");
  if (pull !== null) {
    const merge = sha(dig(pull, "merge_commit_sha"));
    if (dig(pull, "merged") !== true) return dig(payload, "action") === "closed" ? "unmerged" : null;
    const commits = dig(pull, "commits");
    return merge === null
      ? null
      : {
          merge,
          base: sha(dig(dig(pull, "base"), "sha")),
          head: sha(dig(dig(pull, "head"), "sha")),
          headRef: headRef("refs/pull/", dig(payload, "number") ?? dig(pull, "number")),
          commits: typeof commits === "number" && Number.isSafeInteger(commits) && commits > 0 ? commits : null,
        };
  }
  const pushed = dig(payload, "head_commit");
  if (pushed !== null) {
    const message = dig(pushed, "message");
    const subject = typeof message === "string" ? (message.split("\n", 1)[0] ?? "") : "";
    const number = /^Merge pull request #(\d+) from /.exec(subject)?.[1] ?? /\(#(\d+)\)$/.exec(subject)?.[1];
    return named(sha(dig(payload, "after")), sha(dig(payload, "before")), headRef("refs/pull/", Number(number)));
  }
  const number = /^See merge request \S*!(\d{1,12})$/m.exec(env["CI_COMMIT_MESSAGE"] ?? "")?.[1];
  return named(sha(env["CI_COMMIT_SHA"]), sha(env["CI_COMMIT_BEFORE_SHA"]), headRef("refs/merge-requests/", Number(number)));
}

function named(merge: string | null, base: string | null, ref: string | null): MergedPull | null {
  return merge === null || ref === null ? null : { merge, base, head: null, headRef: ref, commits: null };
}

function headRef(prefix: string, number: unknown): string | null {
  return Number.isSafeInteger(number) && (number as number) > 0 ? `${prefix}${String(number)}/head` : null;
}
