/**
 * What should be booked where, worked out from what the user did and not from reflogs: design.md, section 6, told a second time.
 *
 * It runs along with the steps. A record waits on a line (a branch, or a detached HEAD) of a worktree until a commit takes it; from then on it
 * knows the commits that must hold it, and those that may (a rewrite that git leaves no proof of). Where the rules leave the
 * first claim open, a record becomes `open` and only the weak checks apply to it. Limits, on purpose:
 *  - records logged late, and worktrees removed before anyone looked, are open;
 *  - merges claim by file only as "open": what a merge itself changed is a matter of taste;
 *  - an edit older than a replay that stopped on a conflict in the same file is open: nothing tells when the replay began.
 */
export interface Rec {
  output: number;
  session: string;
  tree: string;
  /** Branch name, or `@<sha>` of a detached HEAD. */
  line: string;
  order: number;
  /** When it was logged. */
  atMs: number;
  edits: readonly { tree: string; path: string }[];
  must: Set<string>;
  may: Set<string>;
  /** The branch it is booked to (null: detached) once claimed. */
  branch: string | null;
  /** Why the model says no more about it; null while it does. */
  open: string | null;
  /** Its branch's name can no longer be told. */
  branchOpen: boolean;
}

export interface Made {
  tree: string;
  sha: string;
  files: ReadonlySet<string>;
  line: string;
  /** Replays take nothing by time. */
  byTime: boolean;
  /** Edits from this record on can be in it; earlier ones cannot. */
  since?: number;
  /** Whether boba can know `since` too. */
  sinceSure?: boolean;
  /** Nothing tells whether an edit from this moment on, though before `since`, came before it. */
  blurredFromMs?: number;
  /** Set when the rules leave open whether it claims. */
  open?: string;
}

export class Model {
  readonly records: Rec[] = [];
  readonly #all: Model[];

  /** `all` are the models of every clone: a commit that was pushed can be made again in any. */
  constructor(all: Model[]) {
    this.#all = all;
    all.push(this);
  }

  get order(): number {
    return this.records.length;
  }

  talk(rec: Pick<Rec, "output" | "session" | "tree" | "line" | "edits">): void {
    this.records.push({
      ...rec,
      order: this.order,
      atMs: Date.now(),
      must: new Set(),
      may: new Set(),
      branch: null,
      open: null,
      branchOpen: false,
    });
  }

  /** A session's last record edited in another worktree: which branch its lead-up waits on is anyone's guess until a commit has it. */
  led(session: string): void {
    for (const rec of this.records) if (rec.session === session && this.waits(rec) && rec.edits.length === 0) rec.branchOpen = true;
  }

  waits(rec: Rec): boolean {
    return rec.open === null && rec.must.size === 0;
  }

  /** A commit was made: it takes what waits for it. */
  commit(made: Made): void {
    for (const rec of this.records) {
      if (!this.waits(rec)) continue;
      const verdict = this.#verdict(rec, made);
      if (verdict === "no") continue;
      if (verdict === "open" || made.open !== undefined) this.giveUp(rec, made.open ?? "an old edit of a file that a replay changed");
      else {
        rec.must.add(made.sha);
        rec.branchOpen = false;
        rec.branch = made.line.startsWith("@") ? null : made.line;
      }
    }
  }

  #verdict(rec: Rec, made: Made): "yes" | "no" | "open" {
    const edit = this.records.find((next) => next.session === rec.session && next.order >= rec.order && next.edits.length > 0);
    if (edit === undefined) return made.byTime && rec.tree === made.tree && rec.line === made.line ? "yes" : "no";
    if (!edit.edits.some(({ tree, path }) => tree === made.tree && made.files.has(path))) return "no";
    if (edit.order >= (made.since ?? 0)) return "yes";
    return made.sinceSure === true && edit.atMs < (made.blurredFromMs ?? Number.POSITIVE_INFINITY) ? "no" : "open";
  }

  /** `newSha` stands for `oldSha`: it gains its records, surely or perhaps. Other clones may learn of it by a fetch. */
  carry(oldSha: string, newSha: string, sure: boolean): void {
    if (oldSha === newSha) return;
    for (const model of this.#all) model.#gain(oldSha, newSha, sure && model === this);
  }

  #gain(oldSha: string, newSha: string, sure: boolean): void {
    for (const { must, may } of this.records) {
      if (must.has(oldSha)) (sure ? must : may).add(newSha);
      else if (may.has(oldSha)) may.add(newSha);
    }
  }

  /** HEAD of a worktree got another name at the same commit, or a detached one moved along. */
  moveLine(tree: string, from: string, to: string): void {
    for (const rec of this.records) if (this.waits(rec) && rec.tree === tree && rec.line === from) rec.line = to;
  }

  renameBranch(from: string, to: string): void {
    for (const rec of this.records) {
      if (this.waits(rec) && rec.line === from) rec.line = to;
      if (rec.branch === from) rec.branch = to;
    }
  }

  /** The name may be used again for something else. */
  forgetBranch(name: string): void {
    for (const rec of this.records) if (this.waits(rec) && rec.line === name) this.giveUp(rec, "its branch was deleted");
  }

  giveUp(rec: Rec, why: string): void {
    rec.open = why;
  }

  /** Nobody can say what a stop that was abandoned claimed in the meantime. */
  giveUpSince(order: number, why: string): void {
    for (const rec of this.records) if (rec.order >= order && rec.edits.length > 0) this.giveUp(rec, why);
  }
}
