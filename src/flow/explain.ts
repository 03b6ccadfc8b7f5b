/** Says of a record, a commit's records or a branch's records why each is where it is. */
import type { Decision } from "../core/attribution.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import type { Explanation } from "../core/explain.ts";
import { listCommits } from "../git/history.ts";
import type { Db } from "../platform/sqlite.ts";
import { explainedRecords, type ExplainedRecord } from "../store/explain.ts";
import { allRepos } from "../store/places.ts";
import type { App } from "./app.ts";
import { decideRepo } from "./attribute.ts";

const HEX = /^[0-9a-f]{7,64}$/;

/**
 * Finds what the word names: a record id (or its start), a commit (or its start), or a branch; else the revision or range that git
 * knows by it around `app.cwd`, which may hold no record. Tells of the oldest `limit` records.
 * @throws BobaError BOBA-USE-10 when it names none of them.
 */
export async function explain(app: App, db: Db, what: string, limit: number): Promise<Explanation> {
  const kinds = HEX.test(what) ? (["record", "commit", "branch"] as const) : (["branch"] as const);
  for (const kind of kinds) {
    const found = explainedRecords(db, kind, what, limit);
    if (found.total > 0) return withReasons(app, db, found);
  }
  const isRange = what.includes("..");
  const commits =
    what === "" || what.startsWith("-") ? null : await listCommits({ at: app.cwd, env: app.env }, [what], isRange ? undefined : 1);
  if (commits !== null && (commits.length > 0 || isRange)) {
    const shas = JSON.stringify(commits.map(({ sha }) => sha));
    return withReasons(app, db, explainedRecords(db, "commits", shas, limit));
  }
  throw new BobaError(
    "BOBA-USE-10",
    EXIT.usage,
    `no record, commit or branch called ${what} in the ledger, and git knows no such revision here`,
    "list branches with: boba report --by branch",
  );
}

/** Of all that waits for a commit, the oldest `limit` records. */
export function explainPending(app: App, db: Db, limit: number): Promise<Explanation> {
  return withReasons(app, db, explainedRecords(db, "pending", "", limit));
}

async function withReasons(app: App, db: Db, { records, total }: ReturnType<typeof explainedRecords>): Promise<Explanation> {
  const decisions = new Map<number, Decision>();
  for (const repo of allRepos(db)) {
    if (!records.some((record) => record.repoId === repo.id && record.claims.length === 0)) continue;
    for (const decision of (await decideRepo(app, db, repo)).decisions) decisions.set(decision.seq, decision);
  }
  const rows = records.map(({ seq, repoId, ...record }) => ({ ...record, why: reason(repoId, record.claims, decisions.get(seq)) }));
  return { rows, total };
}

function reason(repoId: number | null, claims: ExplainedRecord["claims"], decision: Decision | undefined): string {
  if (repoId === null) return "outside: its folder lay in no repository that boba could ask";
  if (claims.some(({ reachable }) => reachable)) return "committed: the newest of these commits that a ref reaches is its home";
  if (claims.length > 0) return "abandoned: no ref reaches any commit that holds it";
  return `pending: ${decision?.why ?? "new since the last refresh"}`;
}
