/** Stores each response once, whatever copies of it arrive, in whatever order, from however many processes. */
import type { Place, PlacedFile } from "../core/place.ts";
import { type Price, type Pricer, settlePrice } from "../core/price.ts";
import { type Counters, mergeCounters, type SourceRecord } from "../core/record.ts";
import { recordId, type RowId } from "../core/row-id.ts";
import type { Db } from "../platform/sqlite.ts";
import { prunedIds } from "./prune.ts";

export interface ArrivedUsage {
  record: SourceRecord;
  row: RowId;
  place: Place | null;
  files: readonly PlacedFile[];
}

/** What became of an arrival: a new row, a row whose counters grew, or nothing that was not known. */
export type Outcome = "new" | "grown" | "same";

interface Row extends Counters {
  seq: number;
  variant: number | null;
  tsMs: number;
  provider: string;
  model: string;
  fast: number;
  reportedNanoUsd: number | null;
}

/** A function that stores one arrival; call it inside a write transaction, which makes look-up and write one step. */
export function usageWriter(db: Db, price: Pricer): (arrived: ArrivedUsage) => Outcome {
  const isPruned = prunedIds(db);
  const insert = db.prepare(INSERT);
  const find = db.prepare<[string], Row>(FIND);
  const grow = db.prepare<Bound>(GROW);
  const settle = db.prepare<Bound>(SETTLE);
  const replace = db.prepare<Bound>(REPLACE_PLACE);
  const dirty = db.prepare("UPDATE commits SET note_dirty = 1 WHERE id IN (SELECT commit_id FROM claims WHERE record_seq = ?)");
  const addFile = db.prepare("INSERT OR IGNORE INTO record_files (record_seq, path, worktree) VALUES (?, ?, ?)");
  const addVia = db.prepare("UPDATE usage_records SET profile = ?, rule_id = ?, explore = ?, latency_ms = ? WHERE seq = ?");
  const addFiles = (seq: number | bigint, files: readonly PlacedFile[]) => {
    for (const file of files) addFile.run(seq, file.path, file.place.worktreeId);
  };

  const merge = (row: Row, { record, place, files }: ArrivedUsage, variant: number | null): Outcome => {
    const grew = mergeCounters(row, record.counters);
    const reportedNanoUsd = Math.max(row.reportedNanoUsd ?? 0, record.reportedNanoUsd ?? 0) || null;
    const told = reportedNanoUsd !== row.reportedNanoUsd;
    const faster = record.fast && row.fast === 0;
    const earlier = record.atMs < row.tsMs;
    row.tsMs = Math.min(row.tsMs, record.atMs);
    if (row.variant === null && variant !== null) {
      settle.run({ seq: row.seq, variant, sessionId: record.sessionId });
      replace.run({ seq: row.seq, ...placeColumns(record, place) });
    }
    addFiles(row.seq, files);
    if (!grew && !faster && !earlier && !told) return "same";
    const listed = price(row.provider, row.model, row.tsMs, row, record.fast || row.fast === 1);
    const cost = settlePrice(listed, { reportedNanoUsd, approximate: record.approximate });
    grow.run({
      ...counterColumns(row),
      ...(grew || faster || told ? priceColumns(cost) : KEEP_PRICE),
      seq: row.seq,
      ts: seconds(row.tsMs),
      tsMs: row.tsMs,
      fast: record.fast ? 1 : row.fast,
      reportedNanoUsd,
      approximate: record.approximate ? 1 : 0,
    });
    dirty.run(row.seq);
    return grew || faster || told ? "grown" : "same";
  };

  const store = (id: string, arrived: ArrivedUsage, variant: number | null, isOwnRow = false): Outcome => {
    const { record, place, files } = arrived;
    if (isPruned?.(id) === true) return "same";
    const cost = settlePrice(price(record.provider, record.model, record.atMs, record.counters, record.fast), record);
    const { counters } = record;
    const at = placeColumns(record, place);
    // By position: binding by name costs as much as the insert itself.
    const done = insert.run(
      id,
      variant,
      seconds(record.atMs),
      record.atMs,
      record.sessionId,
      record.tool,
      record.provider,
      record.model,
      counters.input,
      counters.output,
      counters.reasoning,
      counters.cacheRead,
      counters.cacheWrite5m,
      counters.cacheWrite1h,
      counters.webSearches,
      record.fast ? 1 : 0,
      cost.costNanoUsd,
      cost.source,
      cost.level,
      at.project,
      at.repo,
      at.worktree,
      at.loggedBranch,
      at.loggedCommit,
      record.reportedNanoUsd,
      record.approximate ? 1 : 0,
    );
    if (done.changes === 1) {
      addFiles(done.lastInsertRowid, files);
      if (record.via !== undefined) {
        const { profile, ruleId, explore, latencyMs } = record.via;
        addVia.run(profile, ruleId, explore ? 1 : 0, latencyMs, done.lastInsertRowid);
      }
      return "new";
    }
    const row = find.get(id) as Row;
    if (isOwnRow || row.variant === null || variant === null || row.variant === variant) return merge(row, arrived, variant);
    return store(recordId(record.tool, `${record.key}\0${record.variant ?? ""}`), arrived, variant, true);
  };
  return (arrived) => store(arrived.row.id, arrived, arrived.row.variant);
}

type Bound = [Record<string, string | number | bigint | null>];

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

function counterColumns(counters: Counters) {
  const { input, output, reasoning, cacheRead, cacheWrite5m, cacheWrite1h, webSearches } = counters;
  return { input, output, reasoning, cacheRead, cacheWrite5m, cacheWrite1h, webSearches };
}

function priceColumns(price: Price) {
  return { cost: price.costNanoUsd, priceSource: price.source, level: price.level, reprice: 1 };
}

const KEEP_PRICE = { cost: null, priceSource: null, level: "exact", reprice: 0 };

/** The branch comes from git, at attribution; what the log says of it is kept beside. */
function placeColumns(record: SourceRecord, place: Place | null) {
  return {
    project: place?.project ?? null,
    repo: place?.repoId ?? null,
    worktree: place?.worktreeId ?? null,
    loggedBranch: record.loggedBranch,
    loggedCommit: record.loggedCommit,
  };
}

const INSERT = `
  INSERT INTO usage_records (id, variant, ts, ts_ms, session_id, tool, provider, model, input_tokens, output_tokens, reasoning_tokens,
    cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, web_searches, fast, cost_nanousd, price_source, estimate_level,
    project, repo, worktree, logged_branch, logged_commit, reported_nanousd, approximate)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO NOTHING`;

const FIND = `
  SELECT seq, variant, ts_ms AS tsMs, provider, model, fast, input_tokens AS input, output_tokens AS output, reasoning_tokens AS reasoning,
    cache_read_tokens AS cacheRead, cache_write_5m_tokens AS cacheWrite5m, cache_write_1h_tokens AS cacheWrite1h, web_searches AS webSearches,
    reported_nanousd AS reportedNanoUsd
  FROM usage_records WHERE id = ?`;

const GROW = `
  UPDATE usage_records SET ts = @ts, ts_ms = @tsMs, fast = @fast, reported_nanousd = @reportedNanoUsd, input_tokens = @input, output_tokens = @output, reasoning_tokens = @reasoning,
    cache_read_tokens = @cacheRead, cache_write_5m_tokens = @cacheWrite5m, cache_write_1h_tokens = @cacheWrite1h, web_searches = @webSearches,
    cost_nanousd = iif(@reprice, @cost, cost_nanousd), price_source = iif(@reprice, @priceSource, price_source),
    estimate_level = iif(@reprice, @level, estimate_level), approximate = iif(@reprice, @approximate, approximate)
  WHERE seq = @seq`;

const SETTLE = "UPDATE usage_records SET variant = @variant, session_id = @sessionId WHERE seq = @seq";

/** A record that a commit already claims stays where it is. */
const REPLACE_PLACE = `
  UPDATE usage_records SET project = @project, repo = @repo, worktree = @worktree, logged_branch = @loggedBranch, logged_commit = @loggedCommit
  WHERE seq = @seq AND commit_sha IS NULL`;
