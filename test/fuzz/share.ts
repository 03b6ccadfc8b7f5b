/** What clones tell each other through the hub's notes, held against their ledgers: every commit's cost, and nothing twice. */
import Database from "better-sqlite3";
import { join } from "node:path";
import { cellId } from "../../src/core/cell.ts";
import { fetchOthersNotes, pushOwnNotes } from "../../src/flow/notes-sync.ts";
import { report } from "../../src/flow/report.ts";
import { appIn } from "./audit.ts";
import type { Step } from "./steps-local.ts";
import type { Clone, World } from "./world.ts";

/** The model that the agents use costs 15 $ per million output tokens, and nothing else is ever used: 15,000 nano-dollars a token. */
const NANO_USD_A_TOKEN = 15_000;

/** Null in a clone without hooks, which writes no notes. */
const writerOf = (world: World, clone: Clone): string | null =>
  world.ask(clone.trees[0] as (typeof clone.trees)[number], "config", "boba.clone")[0] ?? null;

/** As a user runs it, once the figures are written down. */
export const notesPush: Step = (world, { clone }) => {
  if (writerOf(world, clone) === null) return;
  clone.box.boba(["drain"], { cwd: clone.path });
  boba(world, clone, "push");
};

export const notesFetch: Step = (world, { clone }) => boba(world, clone, "fetch");

function boba(world: World, { box, path, name }: Clone, verb: string): void {
  world.commands++;
  world.note(`(${name}) boba notes ${verb}`);
  box.boba(["notes", verb], { cwd: path });
}

interface Cell {
  id: string;
  requests: number;
  output: number;
  nano_usd: number;
}

/** What one clone wrote of one commit. */
interface Note {
  writer: string;
  sha: string;
  cells: Cell[];
}

/** A record that a commit of a clone that writes notes claims. */
interface Claim {
  home: string;
  seq: number;
  sha: string;
  output: number;
}

/** All clones push and fetch; then plain git on the hub, and `boba report --shared` in each clone, must tell what the ledgers do. */
export async function checkShared(world: World): Promise<string[]> {
  const writers = new Map(world.clones.map((clone) => [clone, writerOf(world, clone)]));
  const writing = world.clones.filter((clone) => writers.get(clone) !== null);
  for (const clone of writing) await pushOwnNotes(appIn(clone), undefined, { import: true });
  const notes = notesOnHub(world);
  const ids = new Map(writing.map((clone) => [writers.get(clone), cellIdsOf(clone)]));
  // The rest was noted by others, on commits that were made again here: it must be theirs, and adds nothing.
  const own = notes.map((note) => ({ ...note, cells: note.cells.filter(({ id }) => ids.get(note.writer)?.has(id)) }));
  const faults = byCommit(
    writing.flatMap((clone) => claimsOf(world, clone)),
    own,
  );
  if (totalOf(notes) !== totalOf(own)) faults.push(`with what was carried the hub's notes tell ${totalOf(notes)}, without ${totalOf(own)}`);
  for (const clone of world.clones) {
    await fetchOthersNotes(appIn(clone), undefined);
    const here = world.clones.filter(({ box }) => box === clone.box);
    const theirs = notes.filter(({ writer }) => !here.some((other) => writers.get(other) === writer));
    faults.push(...(await byReport(clone, theirs, new Set(here.flatMap((other) => [...cellIdsOf(other)])))));
  }
  return faults;
}

/** The cells that a clone's ledger has for it. */
function cellIdsOf(clone: Clone): Set<string> {
  const rows = inLedger<{ session: string; model: string; sha: string }>(
    clone,
    `SELECT DISTINCT session_id AS session, model, (SELECT sha FROM commits JOIN claims AS origin ON origin.commit_id = commits.id
       WHERE origin.record_seq = seq AND origin.first = 1) AS sha
     FROM claims JOIN usage_records ON seq = claims.record_seq JOIN commits ON commits.id = claims.commit_id JOIN repos ON repos.id = commits.repo
     WHERE common_dir = ?`,
    join(clone.path, ".git"),
  );
  return new Set(rows.map(({ session, model, sha }) => cellId(session, model, sha)));
}

function byCommit(claims: readonly Claim[], notes: readonly Note[]): string[] {
  const faults: string[] = [];
  for (const sha of new Set(claims.map((claim) => claim.sha))) {
    const told = totalOf(notes.filter((note) => note.sha === sha));
    const held = sumOf(claims.filter((claim) => claim.sha === sha));
    if (told !== held) faults.push(`the hub's notes of ${sha} tell ${told}, the ledgers ${held}`);
  }
  const shas = new Set(claims.map(({ sha }) => sha));
  const [told, held] = [totalOf(notes.filter(({ sha }) => shas.has(sha))), sumOf(claims)];
  if (told !== held) faults.push(`the hub's notes tell ${told} in all, the ledgers ${held}`);
  return faults;
}

/** A ledger's own records, and what other ledgers' clones wrote that it does not hold. */
async function byReport(clone: Clone, theirs: readonly Note[], known: ReadonlySet<string>): Promise<string[]> {
  const { summary } = await report(appIn(clone), { by: "commit", top: null, import: false, shared: true });
  const rows = inLedger<{ seq: number; output: number }>(clone, "SELECT seq, output_tokens AS output FROM usage_records");
  const others = bestOf(theirs).filter(({ id }) => !known.has(id));
  const expected = say([...rows.map(({ output }) => counted(output)), ...others]);
  const { requests, outputTokens, costNanoUsd } = summary.totals;
  const told = say([{ requests, output: outputTokens, nano_usd: costNanoUsd }]);
  return told === expected ? [] : [`${clone.name}: boba report --shared tells ${told}, the notes and its ledger ${expected}`];
}

type Counted = Pick<Cell, "requests" | "output" | "nano_usd">;

const counted = (output: number): Counted => ({ requests: 1, output, nano_usd: output * NANO_USD_A_TOKEN });

function say(all: readonly Counted[]): string {
  const sum = (pick: (one: Counted) => number) => all.reduce((total, one) => total + pick(one), 0);
  return `${sum(({ requests }) => requests)} requests, ${sum(({ output }) => output)} tokens, ${sum((one) => one.nano_usd)} nano-dollars`;
}

/** Each record once, however many commits claim it. */
function sumOf(claims: readonly Claim[]): string {
  return say([...new Map(claims.map(({ home, seq, output }) => [`${home} ${seq}`, counted(output)])).values()]);
}

/** Each cell once: the version with the most requests. */
function bestOf(notes: readonly Note[]): Cell[] {
  const best = new Map<string, Cell>();
  for (const cell of notes.flatMap(({ cells }) => cells)) if (cell.requests > (best.get(cell.id)?.requests ?? 0)) best.set(cell.id, cell);
  return [...best.values()];
}

const totalOf = (notes: readonly Note[]): string => say(bestOf(notes));

/** Claims by commits that must have a note: all that a ref or a worktree reaches, and of the others those that the ledger calls noted. */
function claimsOf(world: World, clone: Clone): Claim[] {
  const heads = clone.trees.map((tree) => world.head(tree).sha);
  const text = clone.box.tryGit(clone.path, ["rev-list", "--stdin", "--ignore-missing", "--branches", "--remotes", "--tags"], {
    input: heads.map((sha) => `${sha}\n`).join(""),
  }).stdout;
  const reached = new Set(text.split("\n"));
  const rows = inLedger<Omit<Claim, "home"> & { dirty: number }>(
    clone,
    `SELECT seq, sha, output_tokens AS output, note_dirty AS dirty FROM claims JOIN usage_records ON seq = record_seq
       JOIN commits ON commits.id = commit_id JOIN repos ON repos.id = commits.repo WHERE common_dir = ?`,
    join(clone.path, ".git"),
  );
  return rows.filter(({ sha, dirty }) => reached.has(sha) || dirty === 0).map((row) => ({ ...row, home: clone.box.db }));
}

function inLedger<Row>(clone: Clone, sql: string, ...values: string[]): Row[] {
  const db = new Database(clone.box.db, { readonly: true });
  try {
    return db.prepare(sql).all(...values) as Row[];
  } finally {
    db.close();
  }
}

/** What all clones together wrote, read by plain git. */
function notesOnHub(world: World): Note[] {
  const { box } = world.colleague;
  const refs = box.git(world.hub, "for-each-ref", "--format=%(refname)", "refs/notes/boba").split("\n").filter(Boolean);
  return refs.flatMap((ref) => {
    const rows = box.git(world.hub, "ls-tree", "-r", ref).split("\n").filter(Boolean);
    return rows.map((row): Note => {
      const [, , blob = "", path = ""] = row.split(/\s/);
      const lines = box.git(world.hub, "cat-file", "blob", blob).split("\n").filter(Boolean);
      const writer = ref.slice("refs/notes/boba/".length);
      return { writer, sha: path.replaceAll("/", ""), cells: lines.map((line) => JSON.parse(line) as Cell) };
    });
  });
}
