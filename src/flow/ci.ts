/** `boba ci`: what a pull request cost, from notes alone. Opens no database, needs no home and no history. */
import { costOfRange, type RangeCost, type Skipped } from "../core/ci.ts";
import { locateRepository } from "../git/history.ts";
import { fetchNotes } from "../git/remote.ts";
import { type CiEnvironment, readCiEnvironment } from "../platform/ci-env.ts";
import type { App } from "./app.ts";
import { findRange } from "./ci-range.ts";
import { readCloneId } from "../git/clone-id.ts";
import { cellsInNotes } from "./note-cells.ts";

export interface CiOptions {
  base: string | undefined;
  head: string | undefined;
  remote: string;
  fetch: boolean;
}

export interface CiResult {
  base: string;
  head: string;
  cost: RangeCost;
  skipped: Skipped;
  /** One line each. */
  warnings: string[];
  ci: CiEnvironment;
}

/** @throws BobaError BOBA-CI-1 and BOBA-CI-2 as `findRange`, BOBA-NOTE-1 outside a repository. */
export async function summariseCi(app: App, options: CiOptions): Promise<CiResult> {
  const place = { at: app.cwd, env: app.env };
  const ci = readCiEnvironment(app.env);
  const { commonDir, shallow } = await locateRepository(place);
  const remote = options.fetch ? { ...place, name: options.remote } : null;
  const range = await findRange(place, { base: options.base, head: options.head, remote, ci });
  const warnings = [...range.warnings];
  if (remote !== null) {
    const said = await fetchNotes(remote, { ownId: readCloneId(commonDir), depth1: shallow });
    if (said !== null) warnings.push(`no notes could be fetched from ${remote.name} (${said}): counting what is here`);
  }
  const shas = range.commits.map(({ sha }) => sha);
  const { bySha, skipped } = await cellsInNotes({ commonDir, env: app.env }, shas);
  const cells = new Map([...bySha].map(([sha, notes]) => [sha, notes.flatMap((note) => note.cells)]));
  return { base: range.base, head: range.head, cost: costOfRange(range.commits, cells), skipped, warnings, ci };
}

export { appendSummary } from "../platform/step-summary.ts";
