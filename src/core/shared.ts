/** Colleagues' cells as sums that a report can take beside its own. Pure. */
import { type Cell, unionCells } from "./cell.ts";
import { type Axis, AXIS, SLOT_S, type Sum } from "./grouping.ts";
import type { Range } from "./range.ts";
import type { Counts, Grouping } from "./summary.ts";

/** A cell with every commit that holds it, and the counters it is known by. */
export interface HeldCell {
  cell: Cell;
  commits: string[];
}

/** What a cell adds to a report. */
export interface TakenCell {
  cell: Cell;
  counts: Counts;
  /** The commit that it counts on. */
  commit: string;
  /** Of the commits that hold it and are known here, the oldest; null when none is. */
  oldest: string | null;
}

/** What cells cannot answer: they tell neither session nor project, nor how a price was found. */
export const UNSHARED: ReadonlySet<Grouping> = new Set(["session", "estimate"]);

/** One entry a cell, however many commits and writers hold it: the version with the most requests. */
export function heldCells(notes: Iterable<readonly [commit: string, cells: readonly Cell[]]>): HeldCell[] {
  const commits = new Map<string, Set<string>>();
  const all: Cell[] = [];
  for (const [commit, cells] of notes) {
    for (const cell of cells) {
      commits.set(cell.id, (commits.get(cell.id) ?? new Set()).add(commit));
      all.push(cell);
    }
  }
  return unionCells(all).map((cell) => ({ cell, commits: [...(commits.get(cell.id) ?? [])] }));
}

/** What a cell adds to a ledger that already holds `known` of it: all of it, the requests it has more, or nothing. */
export function beyond(cell: Cell, known: Cell | undefined): Counts | null {
  if (known !== undefined && known.requests >= cell.requests) return null;
  const more = (pick: (of: Cell) => number) => Math.max(0, pick(cell) - (known === undefined ? 0 : pick(known)));
  const requests = more(({ requests: n }) => n);
  return {
    requests,
    inputTokens: more(({ input }) => input),
    outputTokens: more(({ output }) => output),
    cacheReadTokens: more(({ cacheRead }) => cacheRead),
    cacheWriteTokens: more(({ cacheWrite }) => cacheWrite),
    costNanoUsd: more(({ nanoUsd }) => nanoUsd ?? 0),
    unpricedRequests: Math.min(
      requests,
      more(({ unpriced }) => unpriced),
    ),
  };
}

/** A cell's time is that of its last request: it is in a range, and in a day, as a whole. */
export function inRange(cell: Cell, range: Range): boolean {
  return (range.fromS === null || cell.toS >= range.fromS) && (range.toS === null || cell.toS < range.toS);
}

/** The sum that stands for a cell under a grouping: on `commit`, made in `oldest`. A project is the repository's name: null makes it so. */
export function sumOf(by: Grouping, repo: number, { commit, oldest, cell, counts }: TakenCell): Sum {
  const values: Record<Axis, string | number | null> = {
    place: null,
    project: null,
    repo: null,
    session: null,
    estimate: null,
    model: cell.model,
    tool: cell.tool,
    slot: Math.floor(cell.toS / SLOT_S),
  };
  return { repo, branch: cell.branch, commit, value: by === "author" ? oldest : values[AXIS[by]], counts };
}
