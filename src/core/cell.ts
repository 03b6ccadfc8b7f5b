/** A cell: the records of one session and model first claimed by one commit. It is the unit that travels in notes, and it only grows. */
import { hash } from "node:crypto";

export interface Cell {
  /** 16 hex; the same on every machine and on every commit that holds these records. */
  id: string;
  tool: string;
  model: string;
  /** Branch of the first claiming commit; null on a detached HEAD. */
  branch: string | null;
  /** Model responses. */
  requests: number;
  /** Tokens, caches excluded. */
  input: number;
  output: number;
  cacheRead: number;
  /** Both lifetimes together. */
  cacheWrite: number;
  /** What the priced requests cost; null when none of them has a price. */
  nanoUsd: number | null;
  /** Requests without a known price: when above 0, `nanoUsd` is a floor. */
  unpriced: number;
  /** Unix seconds of the first and the last request. */
  fromS: number;
  toS: number;
}

/** First 64 bits of SHA-256 over what makes a cell, as 16 hex. `firstCommitSha` is the commit that claimed its records first. */
export function cellId(session: string, model: string, firstCommitSha: string): string {
  return hash("sha256", `boba.cell.v1\0${session}\0${model}\0${firstCommitSha}`, "hex").slice(0, 16);
}

/** All tokens of a cell. */
export function cellTokens(cell: Pick<Cell, "input" | "output" | "cacheRead" | "cacheWrite">): number {
  return cell.input + cell.output + cell.cacheRead + cell.cacheWrite;
}

/** One cell per id, in order of first sight: the one with the most requests; on a tie the one with more tokens, then the first. */
export function unionCells(cells: Iterable<Cell>): Cell[] {
  const best = new Map<string, Cell>();
  for (const cell of cells) {
    const known = best.get(cell.id);
    if (known === undefined || isLarger(cell, known)) best.set(cell.id, cell);
  }
  return [...best.values()];
}

function isLarger(cell: Cell, than: Cell): boolean {
  if (cell.requests !== than.requests) return cell.requests > than.requests;
  return cellTokens(cell) > cellTokens(than);
}
