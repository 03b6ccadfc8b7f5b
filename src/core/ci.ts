/** What a range of commits cost, from the cells found on them. Every cell counts once, however many commits hold it. */
import { type Cell, cellTokens, unionCells } from "./cell.ts";
import type { BadLine } from "./note.ts";

export interface Sums {
  requests: number;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** All four kinds together. */
  tokens: number;
  /** Null when nothing in it has a price. A bigint: cells come from notes, which may hold any number. */
  nanoUsd: bigint | null;
  /** Requests without a known price: when above 0, `nanoUsd` is a floor. */
  unpriced: number;
}

export interface RangeCommit {
  sha: string;
  subject: string;
}

export interface CommitCost extends RangeCommit {
  /** Every cell on this commit, in order of time. */
  cells: Cell[];
  /** The cells that no newer commit of the range holds, added up: over a range these rows sum to the total. */
  own: Sums;
}

export interface ModelCost {
  tool: string;
  model: string;
  sums: Sums;
}

export interface RangeCost {
  /** Newest first, as they were given. */
  commits: CommitCost[];
  commitsWithData: number;
  /** Dearest first. */
  models: ModelCost[];
  total: Sums;
}

/** What could not be read, by kind. All zeros in a sound repository. */
export interface Skipped {
  /** Lines of notes that are not cells, by reason. */
  lines: Partial<Record<BadLine, number>>;
  /** Lines of a later format. */
  newer: number;
  /** Notes whose bytes could not be read. */
  notes: number;
  /** Tree entries that are not notes. */
  entries: number;
  /** Refs that hold no tree. */
  refs: number;
}

export function noneSkipped(): Skipped {
  return { lines: {}, newer: 0, notes: 0, entries: 0, refs: 0 };
}

/** All that was skipped, as one number. */
export function countSkipped(skipped: Skipped): number {
  const lines = Object.values(skipped.lines).reduce((sum, n) => sum + n, 0);
  return lines + skipped.newer + skipped.notes + skipped.entries + skipped.refs;
}

export function sumCells(cells: Iterable<Cell>): Sums {
  const sums: Sums = { requests: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, tokens: 0, nanoUsd: null, unpriced: 0 };
  for (const cell of cells) {
    sums.requests += cell.requests;
    sums.input += cell.input;
    sums.output += cell.output;
    sums.cacheRead += cell.cacheRead;
    sums.cacheWrite += cell.cacheWrite;
    sums.tokens += cellTokens(cell);
    sums.unpriced += cell.unpriced;
    if (cell.nanoUsd !== null) sums.nanoUsd = (sums.nanoUsd ?? 0n) + BigInt(cell.nanoUsd);
  }
  return sums;
}

/** Adds up a range. `commits` newest first; `cellsBySha` may hold several versions of a cell: the largest is the truth. */
export function costOfRange(commits: readonly RangeCommit[], cellsBySha: ReadonlyMap<string, readonly Cell[]>): RangeCost {
  const distinct = new Map<string, Cell>();
  for (const cell of unionCells(commits.flatMap(({ sha }) => cellsBySha.get(sha) ?? []))) distinct.set(cell.id, cell);
  const counted = new Set<string>();
  const costs = commits.map(({ sha, subject }): CommitCost => {
    const cells = unionCells(cellsBySha.get(sha) ?? []).sort((a, b) => a.fromS - b.fromS || (a.id < b.id ? -1 : 1));
    const own = cells.filter(({ id }) => !counted.has(id)).map(({ id }) => distinct.get(id) as Cell);
    for (const { id } of own) counted.add(id);
    return { sha, subject, cells, own: sumCells(own) };
  });
  return {
    commits: costs,
    commitsWithData: costs.filter(({ cells }) => cells.length > 0).length,
    models: byModel(distinct.values()),
    total: sumCells(distinct.values()),
  };
}

/** Orders by cost, then by tokens; what has no price comes last. */
export function dearestFirst(a: Sums, b: Sums): number {
  const [left, right] = [a.nanoUsd ?? -1n, b.nanoUsd ?? -1n];
  return left === right ? b.tokens - a.tokens : left > right ? -1 : 1;
}

function byModel(cells: Iterable<Cell>): ModelCost[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = `${cell.tool}\0${cell.model}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return [...groups]
    .map(([key, group]) => ({ key, tool: group[0]?.tool ?? "", model: group[0]?.model ?? "", sums: sumCells(group) }))
    .sort((a, b) => dearestFirst(a.sums, b.sums) || (a.key < b.key ? -1 : 1))
    .map(({ tool, model, sums }) => ({ tool, model, sums }));
}
