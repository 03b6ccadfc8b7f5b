/** Writes what was read: in one transaction the records, priced and placed, and how far the files were read. */
import { dirname, isAbsolute, normalize, resolve } from "node:path";
import type { PlacedFile, Placer } from "../core/place.ts";
import type { Pricer } from "../core/price.ts";
import type { SourceRecord } from "../core/record.ts";
import { type RowId, rowIdAt, rowIdOf } from "../core/row-id.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { cursorWriter } from "../store/cursors.ts";
import { knownTotals, runningTotals } from "../store/running-totals.ts";
import { skippedWriter } from "../store/skipped.ts";
import { usageWriter } from "../store/usage.ts";
import type { Parcel } from "./batch.ts";

export interface Stored {
  newRecords: number;
  grownRecords: number;
}

/**
 * A process killed at any moment has stored both the records and how far they reach, or neither. `tool` is what the positions are kept under;
 * `price` is asked for only when there are records.
 */
export async function storeParcel(db: Db, tool: string, placer: Placer, price: () => Promise<Pricer>, whole: Parcel): Promise<Stored> {
  const parcel = { ...whole, totals: unknownTotals(db, whole.totals) };
  const arrivals = [...parcel.records, ...parcel.totals];
  const { cwds, folders, absolute } = placesNamed(arrivals);
  if (arrivals.length > 0) await placer.resolve(cwds, folders);
  const pricer = arrivals.length > 0 ? await price() : null;
  const stored: Stored = { newRecords: 0, grownRecords: 0 };
  transaction(db, () => {
    if (pricer !== null) storeRecords(db, placer, pricer, parcel, absolute, stored);
    storeFiles(db, tool, parcel);
  });
  return stored;
}

/** Without the running counters that say nothing new, so that neither prices nor places are looked up for them. */
function unknownTotals(db: Db, totals: readonly SourceRecord[]): readonly SourceRecord[] {
  if (totals.length === 0) return totals;
  const isKnown = knownTotals(db);
  return totals.filter((total) => !isKnown(total));
}

/** The folders that records name, and for each record the files it edited, as absolute paths. */
function placesNamed(records: readonly SourceRecord[]) {
  const cwds = new Set<string>();
  const folders = new Set<string>();
  const absolute = new Map<SourceRecord, readonly string[]>();
  /** The same few files are edited again and again. */
  const known = new Map<string, string>();
  const toAbsolute = (file: string, cwd: string | null): string | null => {
    const path = known.get(file);
    if (path !== undefined) return path;
    // A relative path without a folder to stand on could be anywhere and is not kept.
    const whole = isAbsolute(file) ? normalize(file) : cwd === null ? null : resolve(cwd, file);
    if (whole !== null) folders.add(dirname(whole));
    if (whole !== null && isAbsolute(file)) known.set(file, whole);
    return whole;
  };
  for (const record of records) {
    if (record.cwd !== null) cwds.add(record.cwd);
    if (record.files.length > 0)
      absolute.set(
        record,
        record.files.flatMap((file) => toAbsolute(file, record.cwd) ?? []),
      );
  }
  return { cwds, folders, absolute };
}

const NO_FILES: readonly PlacedFile[] = [];

function storeRecords(
  db: Db,
  placer: Placer,
  price: Pricer,
  { records, rows, totals }: Parcel,
  absolute: ReadonlyMap<SourceRecord, readonly string[]>,
  stored: Stored,
): void {
  const store = usageWriter(db, price);
  const placed = new Map<string, PlacedFile | null>();
  const place = (file: string) => {
    let found = placed.get(file);
    if (found === undefined) placed.set(file, (found = placer.placeFile(file)));
    return found ?? [];
  };
  const keep = (record: SourceRecord, row: RowId, named: SourceRecord) => {
    const files = absolute.get(named)?.flatMap(place) ?? NO_FILES;
    // Who edits in another worktree works there, wherever it stands.
    const outcome = store({ record, row, place: files[0]?.place ?? placer.placeOf(record.cwd), files });
    if (outcome === "new") stored.newRecords++;
    else if (outcome === "grown") stored.grownRecords++;
  };
  for (const [index, record] of records.entries()) keep(record, rowIdAt(rows, index), record);
  if (totals.length === 0) return;
  const grown = runningTotals(db);
  for (const total of totals) {
    const record = grown(total);
    if (record !== null) keep(record, rowIdOf(record), total);
  }
}

function storeFiles(db: Db, tool: string, { notes, cursors, gone }: Parcel): void {
  const positions = cursorWriter(db, tool);
  const skipped = skippedWriter(db);
  for (const note of notes) {
    if ("add" in note) skipped.add(note.add);
    else if ("forget" in note) skipped.forget(note.forget);
    else skipped.forgetWhole(note.forgetWhole);
  }
  for (const cursor of cursors) positions.save(cursor);
  for (const path of gone) {
    positions.forget(path);
    skipped.forget(path);
  }
}
