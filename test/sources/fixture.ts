/** A source's fixture: its files as they lie below a home folder, and what they must add up to, worked out by hand. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { query } from "../flow/stored.ts";
import type { Sandbox } from "../helpers/sandbox.ts";

const FIXTURES = fileURLToPath(new URL("fixtures", import.meta.url));
/** What every fixture file was last written at, for sources that take a time from it. */
const WRITTEN_AT = new Date("2026-05-20T12:00:00.000Z");

/** One record as `expected.json` names it; what is left out is 0, null, false or empty. */
export interface Expected {
  at: string;
  session: string;
  provider: string;
  model: string;
  input?: number;
  output?: number;
  reasoning?: number;
  cacheRead?: number;
  cacheWrite5m?: number;
  cacheWrite1h?: number;
  webSearches?: number;
  fast?: boolean;
  cwd?: string | null;
  branch?: string | null;
  commit?: string | null;
  /** In US dollars. */
  reportedUsd?: number | null;
  /** Whether the counters or the model are not all known. */
  approximate?: boolean;
  files?: string[];
}

export interface Fixture {
  id: string;
  /** The agent's folder below home: what a user would add to `sources.<id>.paths` for a copy of it. */
  root: string;
  /** Lines and files that should have been records. */
  skipped: number;
  /** How the names of files end that the agent writes when the lines are written: counters of the whole session. */
  last?: string;
  records: Expected[];
}

export const FIXTURE_IDS: readonly string[] = readdirSync(FIXTURES).toSorted();

export function fixture(id: string): Fixture {
  const made = JSON.parse(readFileSync(join(FIXTURES, id, "expected.json"), "utf8")) as Omit<Fixture, "id">;
  return { ...made, id };
}

/** Whether the agent keeps a database. */
export const hasDatabase = (id: string): boolean => filesOf(id).some((name) => name.endsWith(".sql"));

function filesOf(id: string): string[] {
  const home = join(FIXTURES, id, "home");
  return readdirSync(home, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(home, name)).isFile())
    .toSorted();
}

/** Copies the files into `home`, in the order of their names: what is made first is read first. A `<name>.sql` becomes the database `<name>`. */
export function layOut(id: string, home: string): string[] {
  return filesOf(id).map((name) => {
    const path = join(home, name);
    cpSync(join(FIXTURES, id, "home", name), path);
    const made = path.endsWith(".sql") ? build(path) : path;
    for (const at of [made, dirname(made)]) utimesSync(at, WRITTEN_AT, WRITTEN_AT);
    return made;
  });
}

function build(script: string): string {
  const path = script.slice(0, -".sql".length);
  const db = new Database(path);
  db.exec(readFileSync(script, "utf8"));
  db.close();
  rmSync(script);
  return path;
}

/** What the ledger holds, in the words of `expected.json`, in its order of time, session and output. */
export function stored(box: Sandbox): Expected[] {
  return query<Record<string, never>>(
    box,
    `SELECT ts_ms AS at, session_id AS session, provider, model, input_tokens AS input, output_tokens AS output, reasoning_tokens AS reasoning,
       cache_read_tokens AS cacheRead, cache_write_5m_tokens AS cacheWrite5m, cache_write_1h_tokens AS cacheWrite1h,
       web_searches AS webSearches, fast, root AS cwd, logged_branch AS branch, logged_commit AS "commit", reported_nanousd AS reportedUsd
     FROM usage_records LEFT JOIN worktrees ON worktrees.id = worktree ORDER BY ts_ms, session_id, output_tokens, input_tokens`,
  ).map((row) => ({
    ...(row as unknown as Expected),
    at: new Date(row["at"] as unknown as number).toISOString(),
    fast: (row["fast"] as unknown as number) === 1,
    reportedUsd: row["reportedUsd"] === null ? null : (row["reportedUsd"] as unknown as number) / 1e9,
  }));
}

/** The expected records with every default filled in, ordered like `stored`. */
export function wanted({ records }: Fixture): Expected[] {
  const columns = ["at", "session", "provider", "model", ...Object.keys(DEFAULTS)] as (keyof Expected)[];
  return records
    .map((record) => Object.fromEntries(columns.map((name) => [name, { ...DEFAULTS, ...record }[name]])) as unknown as Expected)
    .toSorted((a, b) => order(a, b));
}

const DEFAULTS = {
  input: 0,
  output: 0,
  reasoning: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  webSearches: 0,
  fast: false,
  cwd: null,
  branch: null,
  commit: null,
  reportedUsd: null,
};

function order(a: Expected, b: Expected): number {
  const text = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return text(a.at, b.at) || text(a.session, b.session) || (a.output ?? 0) - (b.output ?? 0) || (a.input ?? 0) - (b.input ?? 0);
}

/** Removes the agent's folder and whatever else the fixture brought. */
export function takeAway(files: readonly string[]): void {
  for (const file of files) if (existsSync(dirname(file))) rmSync(file, { force: true });
}
