/** What must hold after any step, read from the database itself and from git. */
import Database from "better-sqlite3";
import { audit } from "./audit.ts";
import { type Clone, SERVER, type World } from "./world.ts";
import type { Rec } from "./model.ts";

interface Row {
  output: number;
  branch: string | null;
  home: string | null;
  commits: string;
}

function rowsOf(clone: Clone): Row[] {
  const db = new Database(clone.box.db, { readonly: true });
  try {
    return db
      .prepare(
        `SELECT output_tokens AS output, usage_records.branch, commit_sha AS home,
           COALESCE((SELECT group_concat(sha, ' ') FROM claims JOIN commits ON commits.id = commit_id WHERE record_seq = seq), '') AS commits
         FROM usage_records`,
      )
      .all() as Row[];
  } finally {
    db.close();
  }
}

/** Runs boba in a clone and compares; the list of faults, empty when all is well. */
export async function check(world: World, clone: Clone): Promise<string[]> {
  const faults: string[] = [];
  const run = await audit(world, clone);
  if (run.stderr.trim() !== "") faults.push(`audit said: ${run.stderr.trim()}`);
  const proof = run.stdout === "" ? null : (JSON.parse(run.stdout) as { balanced: boolean; faults: string[] });
  if (run.status !== 0 || proof?.balanced !== true || proof.faults.length > 0) faults.push(`audit: ${run.stdout}`);
  const home = world.clones.filter((other) => other.box === clone.box);
  const expected = home.flatMap(({ model }) => model.records.map(({ output }) => output));
  if (expected.length === 0) return faults;
  const rows = rowsOf(clone);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  if (rows.length !== expected.length || sum(rows.map((row) => row.output)) !== sum(expected)) {
    faults.push(
      `${rows.length} records with ${sum(rows.map((row) => row.output))} tokens, logged ${expected.length} with ${sum(expected)}`,
    );
  }
  const byOutput = new Map(rows.map((row) => [row.output, row]));
  const makers = makersOf(world, clone, rows);
  for (const rec of clone.model.records) {
    const row = byOutput.get(rec.output);
    if (row === undefined) faults.push(`record ${rec.output} is missing`);
    else faults.push(...compare(rec, row, clone, makers));
  }
  return faults;
}

function compare(rec: Rec, row: Row, clone: Clone, makers: ReadonlyMap<string, Maker>): string[] {
  const faults: string[] = [];
  const held = row.commits === "" ? [] : row.commits.split(" ");
  const names = (shas: Iterable<string>) => [...shas].map((sha) => makers.get(sha)?.text ?? sha.slice(0, 8)).join(", ") || "nothing";
  for (const sha of held) {
    const made = makers.get(sha);
    if (made === undefined || made.committer === clone.email) continue;
    // Who makes a commit again leaves its author; a server that squashes names one of several.
    const again = (made.author === clone.email || made.committer === SERVER) && (rec.open !== null || rec.may.has(sha));
    if (!again) faults.push(`record ${rec.output} is claimed by someone else's commit ${made.text}`);
  }
  if (rec.open !== null) return faults;
  for (const sha of rec.must)
    if (!held.includes(sha)) faults.push(`record ${rec.output}: not held by ${names([sha])}, but by ${names(held)}`);
  for (const sha of held) {
    if (rec.must.has(sha) || rec.may.has(sha)) continue;
    faults.push(
      `record ${rec.output}: held by ${names([sha])}, should be ${rec.must.size === 0 ? `pending on ${rec.line}` : names(rec.must)}`,
    );
  }
  if (faults.length > 0 || rec.branchOpen) return faults;
  const branch = rec.must.size > 0 ? rec.branch : rec.line.startsWith("@") ? null : rec.line;
  if (row.branch !== branch) {
    const state = rec.must.size > 0 ? `booked by ${names(rec.must)}` : "pending";
    faults.push(`record ${rec.output} (${state}): on branch ${row.branch}, should be ${branch}`);
  }
  return faults;
}

interface Maker {
  author: string;
  committer: string;
  /** `<short sha> [<subject>] <committer>`. */
  text: string;
}

/** Who made each claimed commit, for those that git still has. */
function makersOf(world: World, clone: Clone, rows: readonly Row[]): Map<string, Maker> {
  const shas = [
    ...new Set([...rows.flatMap(({ commits }) => commits.split(" ")), ...clone.model.records.flatMap(({ must }) => [...must])]),
  ];
  const input = shas.filter((sha) => sha !== "");
  if (input.length === 0) return new Map();
  const text = clone.box.tryGit(
    clone.path,
    ["log", "--no-walk=unsorted", "--ignore-missing", "--stdin", "--format=%H %ae %ce %h [%s] %ce"],
    {
      input: `${input.join("\n")}\n`,
    },
  );
  return new Map(
    text.stdout.split("\n").map((row) => {
      const [sha = "", author = "", committer = "", ...words] = row.split(" ");
      return [sha, { author, committer, text: words.join(" ") }];
    }),
  );
}

/** Git knows it without an object, and `rebase --root` begins with it. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** At the end: git's own check, and every note readable by plain git as JSON lines. */
export function checkRepository(world: World, clone: Clone): string[] {
  const faults: string[] = [];
  const { box, path } = clone;
  const fsck = box.tryGit(path, ["fsck", "--no-progress", "--no-dangling"]);
  const missing = `${fsck.stdout}${fsck.stderr}`.split("\n").filter((line) => line !== "" && !line.endsWith(EMPTY_TREE));
  if (fsck.status !== 0 && missing.length > 0) faults.push(`git fsck: ${missing.join("\n")}`);
  for (const ref of box.git(path, "for-each-ref", "--format=%(refname)", "refs/notes").split("\n")) {
    if (ref === "") continue;
    const list = box.git(path, "notes", `--ref=${ref}`, "list").split("\n");
    for (const row of list.slice(0, 40)) {
      const sha = row.split(" ")[1];
      if (sha === undefined) continue;
      const lines = box.git(path, "notes", `--ref=${ref}`, "show", sha).split("\n");
      for (const line of lines) if ((parse(line) as { v?: unknown } | null)?.v !== 1) faults.push(`note of ${sha}: ${line}`);
    }
  }
  return faults;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Not JSON: the caller reports the line.
    return null;
  }
}
