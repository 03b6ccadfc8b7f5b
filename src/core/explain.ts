/** What `boba audit <what>` tells: the oldest of the records it names, and how many there are. */
export interface Explanation {
  rows: ExplainedRow[];
  total: number;
}

/** Of one record. */
export interface ExplainedRow {
  id: string;
  atMs: number;
  session: string;
  tool: string;
  model: string;
  costNanoUsd: number | null;
  repo: string | null;
  worktree: string | null;
  branch: string | null;
  /** The commit it is booked to now. */
  home: string | null;
  claims: { commit: string; subject: string | null; reachable: boolean; via: string; evidence: string; first: boolean }[];
  why: string;
}
