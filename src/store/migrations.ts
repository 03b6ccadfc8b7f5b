/** The schema as an ordered list. A step is never edited once released: append another. `user_version` counts the steps taken. */

export const MIGRATIONS: readonly string[] = [
  /* 1: the first schema */ `
  CREATE TABLE repos (
    id INTEGER PRIMARY KEY,
    common_dir TEXT NOT NULL UNIQUE,
    remote TEXT,
    name TEXT NOT NULL,
    clone_id TEXT,
    refs_digest TEXT,
    seen_tips TEXT NOT NULL DEFAULT ''
  );

  -- A row with no repository is a folder outside any: kept as it was logged.
  CREATE TABLE worktrees (
    id INTEGER PRIMARY KEY,
    repo INTEGER REFERENCES repos(id),
    root TEXT NOT NULL,
    git_dir TEXT,
    UNIQUE (root, git_dir)
  );

  CREATE TABLE usage_records (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    variant INTEGER,
    ts INTEGER NOT NULL,
    ts_ms INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    tool TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    profile TEXT,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL DEFAULT 0,
    cache_read_tokens INTEGER NOT NULL DEFAULT 0,
    cache_write_5m_tokens INTEGER NOT NULL DEFAULT 0,
    cache_write_1h_tokens INTEGER NOT NULL DEFAULT 0,
    web_searches INTEGER NOT NULL DEFAULT 0,
    fast INTEGER NOT NULL DEFAULT 0,
    cost_nanousd INTEGER,
    price_source TEXT,
    estimate_level TEXT NOT NULL DEFAULT 'exact',
    project TEXT,
    repo INTEGER REFERENCES repos(id),
    worktree INTEGER REFERENCES worktrees(id),
    branch TEXT,
    logged_branch TEXT,
    commit_sha TEXT,
    latency_ms INTEGER,
    rule_id TEXT,
    explore INTEGER
  );
  CREATE INDEX usage_records_ts ON usage_records (ts);
  CREATE INDEX usage_records_session ON usage_records (session_id, ts_ms);
  CREATE INDEX usage_records_pending ON usage_records (worktree, ts_ms) WHERE commit_sha IS NULL AND repo IS NOT NULL;
  CREATE INDEX usage_records_unpriced ON usage_records (model) WHERE cost_nanousd IS NULL;

  CREATE TABLE record_files (
    record_seq INTEGER NOT NULL REFERENCES usage_records(seq) ON DELETE CASCADE,
    worktree INTEGER NOT NULL REFERENCES worktrees(id),
    path TEXT NOT NULL,
    PRIMARY KEY (record_seq, worktree, path)
  ) WITHOUT ROWID;

  CREATE TABLE commits (
    id INTEGER PRIMARY KEY,
    repo INTEGER NOT NULL REFERENCES repos(id),
    sha TEXT NOT NULL,
    author TEXT,
    subject TEXT,
    parents TEXT NOT NULL DEFAULT '',
    authored_at INTEGER,
    committed_at INTEGER,
    reachable INTEGER NOT NULL DEFAULT 1,
    note_dirty INTEGER NOT NULL DEFAULT 0,
    UNIQUE (repo, sha)
  );
  CREATE INDEX commits_dirty ON commits (repo) WHERE note_dirty = 1;

  CREATE TABLE git_events (
    id INTEGER PRIMARY KEY,
    repo INTEGER NOT NULL REFERENCES repos(id),
    worktree INTEGER NOT NULL REFERENCES worktrees(id),
    ts_ms INTEGER NOT NULL,
    position INTEGER NOT NULL,
    origin TEXT NOT NULL,
    kind TEXT NOT NULL,
    branch TEXT,
    old_sha TEXT NOT NULL,
    new_sha TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    nth INTEGER NOT NULL DEFAULT 0,
    exact_ms INTEGER,
    UNIQUE (worktree, kind, old_sha, new_sha, ts_ms, detail, nth)
  );
  CREATE INDEX git_events_order ON git_events (worktree, position);

  -- A commit that stands for another: its claims are the other's too.
  CREATE TABLE rewrites (
    repo INTEGER NOT NULL REFERENCES repos(id),
    old_sha TEXT NOT NULL,
    new_sha TEXT NOT NULL,
    via TEXT NOT NULL,
    evidence TEXT NOT NULL,
    event_id INTEGER REFERENCES git_events(id),
    PRIMARY KEY (repo, old_sha, new_sha)
  ) WITHOUT ROWID;

  -- What hooks said that a reflog cannot: which old commits a rewrite replaced, what a squash or a pick was made of.
  CREATE TABLE hints (
    id INTEGER PRIMARY KEY,
    worktree INTEGER NOT NULL REFERENCES worktrees(id),
    kind TEXT NOT NULL,
    old_sha TEXT NOT NULL,
    new_sha TEXT NOT NULL,
    UNIQUE (worktree, kind, old_sha, new_sha)
  );

  CREATE TABLE claims (
    record_seq INTEGER NOT NULL REFERENCES usage_records(seq) ON DELETE CASCADE,
    commit_id INTEGER NOT NULL REFERENCES commits(id),
    via TEXT NOT NULL,
    evidence TEXT NOT NULL,
    event_id INTEGER REFERENCES git_events(id),
    first INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (record_seq, commit_id)
  ) WITHOUT ROWID;
  CREATE INDEX claims_commit ON claims (commit_id);

  CREATE TABLE cursors (
    path TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ms REAL NOT NULL,
    inode INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    lines INTEGER NOT NULL DEFAULT 0,
    anchor TEXT NOT NULL DEFAULT ''
  ) WITHOUT ROWID;

  -- What could not be read, and where: shown under every report until the file is gone or mended.
  CREATE TABLE skipped (
    path TEXT NOT NULL,
    line INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (path, line, reason)
  ) WITHOUT ROWID;

  CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  /* 2: notes that are to follow a push */ `
  CREATE TABLE shares (
    repo INTEGER NOT NULL REFERENCES repos(id),
    remote TEXT NOT NULL,
    cwd TEXT NOT NULL,
    wanted INTEGER NOT NULL DEFAULT 1,
    failures INTEGER NOT NULL DEFAULT 0,
    failed_at_ms INTEGER,
    refused INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    PRIMARY KEY (repo, remote)
  ) WITHOUT ROWID;
  `,
  /* 3: what more agents log: a commit, a cost of their own, counters that run for a whole session */ `
  ALTER TABLE usage_records ADD COLUMN logged_commit TEXT;
  ALTER TABLE usage_records ADD COLUMN reported_nanousd INTEGER;

  -- The last seen value of each running counter: what it grows by is booked as records.
  CREATE TABLE running_totals (
    tool TEXT NOT NULL,
    key TEXT NOT NULL,
    resets INTEGER NOT NULL,
    ts_ms INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_5m_tokens INTEGER NOT NULL,
    cache_write_1h_tokens INTEGER NOT NULL,
    web_searches INTEGER NOT NULL,
    reported_nanousd INTEGER,
    PRIMARY KEY (tool, key)
  ) WITHOUT ROWID;
  `,
  /* 4: what records cost before they were repriced; whether their counters are complete, which a new price does not change */ `
  ALTER TABLE usage_records ADD COLUMN approximate INTEGER NOT NULL DEFAULT 0;

  -- One row for each change; all of one run have its time.
  CREATE TABLE price_history (
    id INTEGER PRIMARY KEY,
    record_seq INTEGER NOT NULL REFERENCES usage_records(seq) ON DELETE CASCADE,
    changed_at_ms INTEGER NOT NULL,
    old_nanousd INTEGER,
    old_source TEXT,
    old_level TEXT NOT NULL,
    new_nanousd INTEGER
  );
  CREATE INDEX price_history_record ON price_history (record_seq);
  CREATE INDEX price_history_run ON price_history (changed_at_ms);
  `,
  /* 5: records that were pruned: their sums by day stay, and their ids, so that a log that is read again brings none of them back */ `
  CREATE TABLE pruned_sums (
    ts INTEGER NOT NULL,
    repo INTEGER,
    project TEXT,
    branch TEXT,
    commit_sha TEXT,
    tool TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    requests INTEGER NOT NULL,
    priced INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    cost_nanousd INTEGER
  );
  CREATE INDEX pruned_sums_ts ON pruned_sums (ts);

  CREATE TABLE pruned_ids (id BLOB PRIMARY KEY) WITHOUT ROWID;

  -- Whoever deletes a record, with foreign keys on or off (the sqlite3 program has them off), leaves nothing that refers to it.
  CREATE TRIGGER usage_records_deleted AFTER DELETE ON usage_records BEGIN
    DELETE FROM claims WHERE record_seq = OLD.seq;
    DELETE FROM record_files WHERE record_seq = OLD.seq;
    DELETE FROM price_history WHERE record_seq = OLD.seq;
  END;
  `,
  /* 6: alerts of budgets that were raised; what became of suggestions */ `
  -- One row for each alert, so that it is raised once however many processes see its limit reached. A rolling cap's period starts at 0.
  CREATE TABLE budgets_state (
    scope TEXT NOT NULL,
    target TEXT NOT NULL,
    period TEXT NOT NULL,
    period_start_ms INTEGER NOT NULL,
    level INTEGER NOT NULL,
    raised_at_ms INTEGER NOT NULL,
    told INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, target, period, period_start_ms, level)
  ) WITHOUT ROWID;

  -- Suggestions are worked out anew each time; here is only what was done with them. An applied one keeps the file as it was (NULL: there was none).
  CREATE TABLE suggestions (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    changed_at_ms INTEGER NOT NULL,
    until_ms INTEGER,
    file TEXT,
    old_bytes BLOB,
    new_sha256 TEXT
  ) WITHOUT ROWID;
  `,
  /* 7: what repricing had changed of pruned records, whose price history goes with them: counters of what was collected may not fall */ `
  ALTER TABLE pruned_sums ADD COLUMN repriced_nanousd INTEGER NOT NULL DEFAULT 0;
  `,
];
