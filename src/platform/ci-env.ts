/** What a CI system says in the environment. The only place that knows its names. */
import { readIfThere } from "./fs.ts";

export interface CiEnvironment {
  /** Id that the range starts after, or null when the system does not tell. */
  base: string | null;
  head: string | null;
  /** Ref of the remote that reaches `head`, also when it comes from a fork. */
  headRef: string | null;
  /** How many commits the pull request has, if told. */
  commits: number | null;
  /** A commit that may be the system's own merge of base and head: its parents are then the range. */
  merge: string | null;
  /** Where a Markdown summary is appended. */
  summaryPath: string | null;
  /** Whether lines of output are read as commands. */
  readsCommands: boolean;
}

const SHA = /^(?!0+$)[0-9a-f]{40,64}$/;

/** Reads GitHub's and GitLab's variables (docs: "Variables reference", "Predefined CI/CD variables"). */
export function readCiEnvironment(env: NodeJS.ProcessEnv): CiEnvironment {
  const onGithub = Boolean(env["GITHUB_ACTIONS"]);
  const found: CiEnvironment = {
    base: null,
    head: null,
    headRef: null,
    commits: null,
    merge: null,
    summaryPath: env["GITHUB_STEP_SUMMARY"] || null,
    readsCommands: onGithub,
  };
  if (onGithub || env["GITHUB_EVENT_PATH"]) return { ...found, ...fromGithub(env) };
  // Empty in ordinary merge request pipelines, where the pipeline runs on the source branch itself.
  const source = sha(env["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"]);
  const base = sha(env["CI_MERGE_REQUEST_DIFF_BASE_SHA"]);
  if (base === null) return found;
  const number = env["CI_MERGE_REQUEST_IID"] ?? "";
  return {
    ...found,
    base,
    head: source ?? sha(env["CI_COMMIT_SHA"]),
    headRef: /^\d{1,12}$/.test(number) ? `refs/merge-requests/${number}/head` : null,
  };
}

function fromGithub(env: NodeJS.ProcessEnv): Partial<CiEnvironment> {
  const payload = readPayload(env["GITHUB_EVENT_PATH"]);
  const merge = sha(env["GITHUB_SHA"]);
  const pull = dig(payload, "pull_request");
  if (pull !== null) {
    const number = dig(payload, "number") ?? dig(pull, "number");
    const commits = dig(pull, "commits");
    return {
      base: sha(dig(dig(pull, "base"), "sha")),
      head: sha(dig(dig(pull, "head"), "sha")),
      headRef: Number.isSafeInteger(number) ? `refs/pull/${String(number)}/head` : null,
      commits: typeof commits === "number" && Number.isSafeInteger(commits) && commits > 0 ? commits : null,
      merge,
    };
  }
  const queue = dig(payload, "merge_group");
  if (queue !== null) return { base: sha(dig(queue, "base_sha")), head: sha(dig(queue, "head_sha")), merge };
  return { base: sha(dig(payload, "before")), head: sha(dig(payload, "after")), merge };
}

/** The event payload at `path`, or null. */
export function readPayload(path: string | undefined): unknown {
  const text = path ? readIfThere(path) : null;
  try {
    return text === null ? null : JSON.parse(text.toString("utf8"));
  } catch {
    // Not a payload: the other variables must do.
    return null;
  }
}

/** A field of an object, or null. */
export function dig(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? ((value as Record<string, unknown>)[key] ?? null) : null;
}

/** A full commit id that is not all zeros, or null. */
export function sha(value: unknown): string | null {
  return typeof value === "string" && SHA.test(value) ? value : null;
}
