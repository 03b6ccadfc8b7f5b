/** Notes to and from a remote: one ref pushed, the others' fetched. Never asks a person, never waits without end. */
import { BobaError, EXIT } from "../core/errors.ts";
import { NOTES_PREFIX } from "./notes.ts";
import { type GitOptions, tryGit } from "./run.ts";

export interface Remote {
  /** A worktree root or a folder in one: remote addresses may be relative to it. */
  at: string;
  env: NodeJS.ProcessEnv;
  /** Name or address. */
  name: string;
}

const NETWORK_TIMEOUT_MS = 120_000;

/** Slow is not dead, but a transfer that stalls ends by itself. */
const STALL = ["-c", "http.lowSpeedLimit=100", "-c", "http.lowSpeedTime=30"];
const FETCH = ["fetch", "--quiet", "--no-tags", "--no-prune", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-gc"];

/**
 * Fetches what `refspecs` name, touching nothing else: no tag, no remote-tracking branch, no FETCH_HEAD. With none, what the remote is
 * configured for. Returns git's complaint, or null.
 */
export async function fetchFrom(remote: Remote, refspecs: readonly string[], options: readonly string[] = []): Promise<string | null> {
  const only = refspecs.length > 0 ? ["--refmap="] : [];
  const args = [...STALL, ...FETCH, ...only, ...options, "--", remote.name, ...refspecs];
  const result = await tryGit(args, await unattended(remote));
  return result.code === 0 ? null : complaint(result.stderr, result.code);
}

/** Fetches every writer's notes but one's own. Returns git's complaint, or null. */
export function fetchNotes(remote: Remote, options: { ownId: string | null; alsoKept?: string; depth1: boolean }): Promise<string | null> {
  const kept = new Set([options.ownId, options.alsoKept].filter((id) => id !== null && id !== undefined));
  const refspecs = [`+${NOTES_PREFIX}*:${NOTES_PREFIX}*`, ...[...kept].map((id) => `^${NOTES_PREFIX}${id}`)];
  // A partial clone would leave the texts out and fetch them one by one later.
  return fetchFrom(remote, refspecs, ["--no-filter", ...(options.depth1 ? ["--depth=1"] : [])]);
}

export interface PushOptions {
  /** Nobody is there to see it: whatever opens a window or a terminal is switched off, the user's own programs included. */
  unseen: boolean;
  timeLimitMs: number;
}

/** Pushes the clone's own ref and nothing else. Returns git's complaint, or null. The user's pre-push checks are about code and are left out. */
export async function pushNotes(remote: Remote, ownId: string, push?: PushOptions): Promise<string | null> {
  const ref = NOTES_PREFIX + ownId;
  const options = ["--quiet", "--no-verify", "--no-signed", "--no-follow-tags", "--recurse-submodules=no"];
  const how = await unattended(push?.unseen === true ? { ...remote, env: { ...remote.env, ...UNSEEN } } : remote);
  const settings = [...STALL, "-c", "push.pushOption=", ...(push?.unseen === true ? ["-c", "credential.interactive=false"] : [])];
  const result = await tryGit([...settings, "push", ...options, "--", remote.name, `${ref}:${ref}`], {
    ...how,
    ...(push === undefined ? {} : { timeoutMs: push.timeLimitMs, ownGroup: push.unseen }),
  });
  return result.code === 0 ? null : complaint(result.stderr, result.code);
}

/** The id that a ref of the remote has there (its full name), or null. */
export async function remoteRef(remote: Remote, ref: string): Promise<string | null> {
  const result = await tryGit([...STALL, "ls-remote", "--quiet", "--", remote.name, ref], await unattended(remote));
  return /^([0-9a-f]{40,64})\t/.exec(result.stdout.toString("latin1"))?.[1] ?? null;
}

/** Asks a remote for its notes, unseen and within a time. Returns git's complaint, or null when it answers. */
export async function whyUnreachable(remote: Remote, timeLimitMs: number): Promise<string | null> {
  const how = await unattended({ ...remote, env: { ...remote.env, ...UNSEEN } });
  const ask = [...STALL, "-c", "credential.interactive=false", "ls-remote", "--quiet", "--", remote.name, `${NOTES_PREFIX}*`];
  const result = await tryGit(ask, { ...how, timeoutMs: timeLimitMs, ownGroup: true });
  return result.code === 0 ? null : complaint(result.stderr, result.code);
}

/** The id that a branch or tag of the remote has there, or null. */
export async function remoteTip(remote: Remote, ref: string): Promise<string | null> {
  const result = await tryGit([...STALL, "ls-remote", "--quiet", "--", remote.name, `refs/heads/${ref}`, `refs/tags/${ref}`], {
    ...(await unattended(remote)),
  });
  return /^([0-9a-f]{40,64})\t/.exec(result.stdout.toString("latin1"))?.[1] ?? null;
}

/**
 * The remote to talk to: the one asked for, else the branch's upstream, else `origin`, else the only one.
 * @throws BobaError BOBA-NOTE-2 when there is none or no way to choose.
 */
export async function chooseRemote(at: string, env: NodeJS.ProcessEnv, asked: string | undefined): Promise<string> {
  if (asked !== undefined && asked !== "" && !asked.startsWith("-")) return asked;
  if (asked !== undefined) throw new BobaError("BOBA-NOTE-2", EXIT.usage, `"${asked}" is not a remote`, "see the names: git remote -v");
  const names = (await tryGit(["remote"], { at, env })).stdout.toString("utf8").split("\n").filter(Boolean);
  const branch = (await tryGit(["symbolic-ref", "--quiet", "HEAD"], { at, env })).stdout.toString("utf8").trim();
  if (branch !== "") {
    const upstream = await tryGit(["for-each-ref", "--format=%(upstream:remotename)", branch], { at, env });
    const name = upstream.stdout.toString("utf8").trim();
    if (names.includes(name)) return name;
  }
  if (names.includes("origin")) return "origin";
  if (names.length === 1) return names[0] as string;
  throw new BobaError(
    "BOBA-NOTE-2",
    EXIT.usage,
    names.length === 0 ? "this repository has no remote" : `which remote? there are ${names.length} and none is called origin`,
    names.length === 0 ? "add one: git remote add origin <url>" : `name it, for example: boba notes push ${names[0] ?? ""}`,
  );
}

/** Askpass programs of editors and desktops, and the credential manager's window, would ask. */
const UNSEEN: NodeJS.ProcessEnv = { GIT_ASKPASS: "true", SSH_ASKPASS: "true", SSH_ASKPASS_REQUIRE: "never", GCM_INTERACTIVE: "never" };

/** No askpass window and no ssh question, unless the user has put a program of their own in place. */
async function unattended(remote: Remote): Promise<GitOptions> {
  const env: NodeJS.ProcessEnv = { GIT_ASKPASS: "true", ...remote.env };
  if (env["GIT_SSH_COMMAND"] === undefined && env["GIT_SSH"] === undefined) {
    const set = (await tryGit(["config", "--get", "core.sshCommand"], { at: remote.at, env })).stdout.toString("utf8").trim();
    if (set === "" || /^(\S*\/)?ssh(\s|$)/.test(set)) env["GIT_SSH_COMMAND"] = `${set || "ssh"} -oBatchMode=yes`;
  }
  return { at: remote.at, env, timeoutMs: NETWORK_TIMEOUT_MS };
}

/** Git's own words in one line: what it calls fatal or an error, else its first line. */
function complaint(stderr: string, code: number): string {
  if (code === 124) return "no answer in time";
  const lines = stderr.split("\n").map((line) => line.trim());
  return (
    lines.find((line) => /^(fatal|error|!|remote: error)/.test(line)) ?? lines.find((line) => line !== "") ?? `git exited with ${code}`
  );
}
