/** `refs/notes/boba/<clone-id>`: lists and reads the notes of all writers with a number of processes that does not depend on how many there are. */
import { inRepository, readObjects, type Repository } from "./objects.ts";

/** Every writer's ref lies below here. `refs/notes/boba` itself must never exist: it would stand in the way of them all. */
export const NOTES_PREFIX = "refs/notes/boba/";

export interface NotesQuery {
  /** Only notes of these commits (full ids); null for all of them. */
  commits: ReadonlySet<string> | null;
  /** Only this writer's. */
  writer?: string;
}

export interface NoteEntry {
  /** What follows `refs/notes/boba/`: the clone that wrote it. */
  writer: string;
  /** The commit that the note is on. */
  sha: string;
  blob: string;
}

export interface NoteList {
  /** Tip of each writer's ref, also of those that hold no note that was asked for. */
  tips: Map<string, string>;
  entries: NoteEntry[];
  /** Tree entries that are not notes. */
  strange: number;
  /** Refs that are not a commit or a tree. */
  badRefs: number;
}

export interface Notes extends NoteList {
  /** Null when the bytes are missing, are no blob or are beyond the limits. */
  bodies: Map<string, Buffer | null>;
}

const TREE_LIMITS = { each: 32 << 20, total: 192 << 20 };
/** Larger than what a parser takes, so that it is the parser who says that a note is too large. */
const NOTE_BYTES = { each: (1 << 20) + 1, total: 192 << 20 };
/** A tree that holds itself-like subtrees many times over would otherwise be walked for ever. */
const MAX_TREES = 200_000;
const MAX_ENTRIES = 2_000_000;

/** The notes that exist, without their text. */
export async function listNotes(repo: Repository, query: NotesQuery): Promise<NoteList> {
  const list: NoteList = { tips: new Map(), entries: [], strange: 0, badRefs: 0 };
  const refs = await inRepository(repo, ["for-each-ref", "--format=%(objectname) %(refname)", NOTES_PREFIX]);
  for (const line of refs.split("\n")) {
    const space = line.indexOf(" ");
    const writer = line.slice(space + 1 + NOTES_PREFIX.length);
    if (space > 0 && (query.writer === undefined || query.writer === writer)) list.tips.set(writer, line.slice(0, space));
  }
  let open: OpenTree[] = [...list.tips].map(([writer, tip]) => ({ writer, prefix: "", oid: `${tip}^{tree}`, depth: 0 }));
  let walked = 0;
  const prefixes = query.commits === null ? null : prefixesOf(query.commits);
  while (open.length > 0) {
    const trees = await readObjects(
      repo,
      open.map(({ oid }) => oid),
      "tree",
      TREE_LIMITS,
    );
    const next: OpenTree[] = [];
    const left = MAX_TREES - walked;
    for (const tree of open) {
      const body = trees.get(tree.oid);
      if (body === undefined && tree.depth === 0) list.badRefs++;
      else if (body === undefined) list.strange++;
      else if (next.length >= left) list.strange++;
      else walkTree(body, tree, query.commits, prefixes, list, next);
    }
    walked += next.length;
    open = next;
  }
  return list;
}

/** The notes with their text. */
export async function readNotes(repo: Repository, query: NotesQuery): Promise<Notes> {
  const list = await listNotes(repo, query);
  const blobs = [...new Set(list.entries.map(({ blob }) => blob))];
  const found = await readObjects(repo, blobs, "blob", NOTE_BYTES);
  return { ...list, bodies: new Map(blobs.map((blob) => [blob, found.get(blob) ?? null])) };
}

interface OpenTree {
  writer: string;
  /** Hex digits of the commit id that the path to this tree spells. */
  prefix: string;
  oid: string;
  depth: number;
}

/** All even-length beginnings of the wanted ids: notes trees fan out by two digits a level. */
function prefixesOf(commits: ReadonlySet<string>): Set<string> {
  const prefixes = new Set<string>();
  for (const sha of commits) for (let length = 2; length < sha.length; length += 2) prefixes.add(sha.slice(0, length));
  return prefixes;
}

/** A tree object is a run of `<mode> <name>\0<raw id>`; git documents it in gitformat-pack and hash-object. */
function walkTree(
  body: Buffer,
  tree: OpenTree,
  commits: ReadonlySet<string> | null,
  prefixes: ReadonlySet<string> | null,
  list: NoteList,
  next: OpenTree[],
): void {
  const tipLength = list.tips.get(tree.writer)?.length ?? 40;
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(32, at);
    const nul = body.indexOf(0, space);
    if (space < 0 || nul < 0) return;
    const isTree = body[at] === 52 || (body[at] === 48 && body[at + 1] === 52);
    const path = tree.prefix + body.toString("latin1", space + 1, nul);
    const end = nul + 1 + tipLength / 2;
    at = end;
    const isHex = /^[0-9a-f]+$/.test(path) && path.length % 2 === 0;
    if (isHex && isTree && path.length === tree.prefix.length + 2 && path.length < tipLength) {
      if (prefixes !== null && !prefixes.has(path)) continue;
      next.push({ writer: tree.writer, prefix: path, oid: body.toString("hex", nul + 1, end), depth: tree.depth + 1 });
    } else if (isHex && !isTree && path.length === tipLength && list.entries.length < MAX_ENTRIES) {
      if (commits !== null && !commits.has(path)) continue;
      list.entries.push({ writer: tree.writer, sha: path, blob: body.toString("hex", nul + 1, end) });
    } else {
      list.strange++;
    }
  }
}
