/** Finds the commits of a pull request, also in a clone that holds one commit: asks the environment, then deepens as far as needed. */
import { BobaError, EXIT } from "../core/errors.ts";
import { countReachable, isRangeWhole, listCommits, locateRepository, type Place, resolveCommit, writtenParents } from "../git/history.ts";
import { fetchFrom, type Remote, remoteTip } from "../git/remote.ts";
import type { CiEnvironment } from "../platform/ci-env.ts";

export interface RangeRequest {
  base: string | undefined;
  head: string | undefined;
  /** Null when nothing may be fetched. */
  remote: Remote | null;
  ci: CiEnvironment;
}

export interface Range {
  base: string;
  head: string;
  /** Newest first. */
  commits: { sha: string; subject: string }[];
  warnings: string[];
}

/** Each step asks for more; the last is everything. A step costs one exchange with the server, commits cost little. */
const DEPTHS = [50, 250, 1250, 6250];
const FULL_ID = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/**
 * @throws BobaError BOBA-CI-1 when no range is given or found, BOBA-CI-2 when a commit can be had neither here nor from the remote.
 */
export async function findRange(place: Place, request: RangeRequest): Promise<Range> {
  const named = await nameRange(place, request);
  const base = await idOf(place, named.base, request.remote);
  const head = await idOf(place, named.head, request.remote);
  const warnings: string[] = [];
  const whole = await completeHistory(place, base, head, request);
  const commits = await listCommits(place, [head, `^${base}`]);
  if (commits === null) {
    const missing = (await resolveCommit(place, head)) === null ? head : base;
    throw new BobaError(
      "BOBA-CI-2",
      EXIT.failed,
      `commit ${missing} is not in this clone${request.remote === null ? "" : ` and ${request.remote.name} did not give it${whole.complaint}`}`,
      "check out with more history (fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab), or check --base and --head",
    );
  }
  if (!whole.ok) {
    warnings.push(
      `history is cut off before ${base.slice(0, 7)} meets ${head.slice(0, 7)}${whole.complaint}: the list of commits may be wrong; check out with more history`,
    );
  }
  return { base, head, commits, warnings };
}

async function nameRange(place: Place, { base, head, ci }: RangeRequest): Promise<{ base: string; head: string }> {
  if (base !== undefined) return { base, head: head ?? ci.head ?? "HEAD" };
  if (ci.base !== null) return { base: ci.base, head: head ?? ci.head ?? "HEAD" };
  const parents = ci.merge === null ? [] : await writtenParents(place, ci.merge);
  if (parents.length === 2) return { base: parents[0] as string, head: head ?? (parents[1] as string) };
  throw new BobaError(
    "BOBA-CI-1",
    EXIT.usage,
    "which commits? no pull request was found in the environment",
    "name them: boba ci --base origin/main --head HEAD",
  );
}

/** A full id as it is, even if the commit is not here yet; a name through this clone, then through the remote. */
async function idOf(place: Place, rev: string, remote: Remote | null): Promise<string> {
  if (FULL_ID.test(rev)) return rev;
  const valid = rev !== "" && !rev.startsWith("-");
  const here = valid
    ? ((await resolveCommit(place, rev)) ?? (await resolveCommit(place, `refs/remotes/${remote?.name ?? "origin"}/${rev}`)))
    : null;
  if (here !== null) return here;
  const name = remote !== null && rev.startsWith(`${remote.name}/`) ? rev.slice(remote.name.length + 1) : rev;
  const there = valid && remote !== null ? await remoteTip(remote, name) : null;
  if (there !== null) return there;
  throw new BobaError("BOBA-CI-1", EXIT.usage, `no commit is called "${rev}" here`, "name a branch, a tag or a full commit id");
}

/**
 * The commit below the one that `rev` names, as its object tells it: it need not be here.
 * @throws BobaError BOBA-CI-1 for a name that is none, BOBA-CI-2 when the commit itself is not here, BOBA-CI-5 when nothing is below it.
 */
export async function firstParentOf(place: Place, rev: string, remote: Remote | null): Promise<string> {
  const sha = await idOf(place, rev, remote);
  if ((await resolveCommit(place, sha)) === null) {
    throw new BobaError(
      "BOBA-CI-2",
      EXIT.failed,
      `commit ${sha} is not in this clone`,
      "fetch it first, or name what it landed on: --pr-base",
    );
  }
  const [parent] = await writtenParents(place, sha);
  if (parent !== undefined) return parent;
  throw new BobaError(
    "BOBA-CI-5",
    EXIT.failed,
    `"${rev}" is the first commit of a history, and that cannot be a merge`,
    "nothing was booked; check --merge",
  );
}

/** Fetches until the range can be trusted. `complaint` is what git said last, ready to be appended. */
async function completeHistory(
  place: Place,
  base: string,
  head: string,
  request: RangeRequest,
): Promise<{ ok: boolean; complaint: string }> {
  if (await isRangeWhole(place, base, head)) return { ok: true, complaint: "" };
  const { remote, ci } = request;
  if (remote === null) return { ok: false, complaint: "" };
  const { shallow } = await locateRepository(place);
  // What the pull request says it holds is usually exactly enough; one more shows where it left the base.
  const first = ci.commits === null ? [] : [ci.commits + 1];
  // A depth below what is here would take history away.
  const here = await countReachable(place, head, DEPTHS.at(-1) ?? 0);
  const depths = [...first, ...DEPTHS.filter((depth) => depth > (first[0] ?? 0))].filter((depth) => depth > here);
  const steps = shallow ? [...depths.map((depth) => [`--depth=${depth}`]), ["--unshallow"]] : [[]];
  let complaint = "";
  for (const step of steps) {
    const said = await fetchBoth(remote, base, head, ci.headRef, step);
    complaint = said === null ? "" : ` (${said})`;
    if (await isRangeWhole(place, base, head)) return { ok: true, complaint: "" };
    // Nothing left to deepen: the clone became complete, or the server refuses.
    if (said !== null && step !== steps.at(-1)) break;
  }
  if (complaint !== "" && shallow) await fetchFrom(remote, [], ["--unshallow"]);
  return { ok: await isRangeWhole(place, base, head), complaint };
}

/** Both ends at once; a server that does not serve bare ids may still have the pull request's own ref. */
async function fetchBoth(
  remote: Remote,
  base: string,
  head: string,
  headRef: string | null,
  step: readonly string[],
): Promise<string | null> {
  const said = await fetchFrom(remote, [base, head], step);
  if (said === null || headRef === null) return said;
  const afterBase = await fetchFrom(remote, [base], step);
  const afterHead = await fetchFrom(remote, [headRef], step);
  return afterBase ?? afterHead;
}
