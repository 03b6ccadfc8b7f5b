/** What is special about the agents that keep one growing counter a session: Goose, Hermes Agent and Factory Droid. */
import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { SOURCES } from "../../src/sources/index.ts";
import { collectIn, query } from "../flow/stored.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

const collect = (box: Sandbox, id: string) => collectIn(box, undefined, { sources: [id] });

function found(id: string, box: Sandbox, env: NodeJS.ProcessEnv, extraPaths: string[] = []): string[] | undefined {
  const source = SOURCES.find((one) => one.id === id);
  return source
    ?.discover({ env, home: box.home, extraPaths })
    .files.map(({ path }) => path.slice(box.dir.length + 1))
    .toSorted();
}

function empty(box: Sandbox, ...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(box.dir, path)), { recursive: true });
    writeFileSync(join(box.dir, path), "");
  }
}

function database(path: string, sql: string): Database.Database {
  mkdirSync(dirname(path), { recursive: true });
  const db = new Database(path);
  onTestFinished(() => void db.close());
  db.exec(sql);
  return db;
}

describe("Goose", () => {
  test("is looked for in three places, or in one that is named", () => {
    const box = sandbox();
    const name = "sessions/sessions.db";
    empty(
      box,
      `home/.local/share/goose/${name}`,
      `home/Library/Application Support/goose/${name}`,
      `home/.local/share/Block/goose/${name}`,
    );
    empty(box, `root/data/${name}`, `copy/${name}`, `other/data/${name}`, "home/.local/share/goose/sessions/20250101.jsonl");
    expect(found("goose", box, {})).toEqual([
      `home/.local/share/Block/goose/${name}`,
      `home/.local/share/goose/${name}`,
      `home/Library/Application Support/goose/${name}`,
    ]);
    expect(found("goose", box, { GOOSE_PATH_ROOT: join(box.dir, "root") }, [join(box.dir, "copy"), join(box.dir, "other")])).toEqual([
      `copy/${name}`,
      `other/data/${name}`,
      `root/data/${name}`,
    ]);
  });

  test("books what was added since the last look, whatever is read from a cache", async () => {
    const box = sandbox();
    const db = database(
      join(box.home, ".local/share/goose/sessions/sessions.db"),
      `CREATE TABLE sessions (id TEXT PRIMARY KEY, working_dir TEXT, created_at TEXT, updated_at TEXT, accumulated_total_tokens INTEGER,
         accumulated_input_tokens INTEGER, accumulated_output_tokens INTEGER, accumulated_cache_read_tokens INTEGER,
         accumulated_cache_write_tokens INTEGER, accumulated_cost REAL, provider_name TEXT, model_config_json TEXT);
       INSERT INTO sessions VALUES ('20260601_1', '/code/shop', '2026-06-01 08:00:00', '2026-06-01 08:00:10', 110, 100, 10, 60, 0, 0.5,
         'anthropic', '{"model_name":"claude-sonnet-4-5"}')`,
    );
    await collect(box, "goose");
    db.exec(
      `UPDATE sessions SET accumulated_input_tokens = 300, accumulated_output_tokens = 40, accumulated_total_tokens = 340,
         accumulated_cache_read_tokens = 220, accumulated_cost = 0.75, updated_at = '2026-06-01 09:00:00'`,
    );
    await collect(box, "goose");
    expect(
      query(
        box,
        `SELECT ts, input_tokens AS input, output_tokens AS output, cache_read_tokens AS cacheRead, reported_nanousd AS reported
         FROM usage_records ORDER BY ts`,
      ),
    ).toEqual([
      { ts: Date.parse("2026-06-01T08:00:10Z") / 1000, input: 40, output: 10, cacheRead: 60, reported: 500_000_000 },
      { ts: Date.parse("2026-06-01T09:00:00Z") / 1000, input: 40, output: 30, cacheRead: 160, reported: 250_000_000 },
    ]);
  });
});

describe("Hermes Agent", () => {
  test("is looked for in its folder and in those of its profiles", () => {
    const box = sandbox();
    empty(box, "home/.hermes/state.db", "home/.hermes/profiles/night/state.db", "home/.hermes/profiles/notes.txt", "home/.hermes/cache.db");
    empty(box, "a/state.db", "b/state.db", "b/profiles/x/state.db");
    expect(found("hermes", box, {})).toEqual(["home/.hermes/profiles/night/state.db", "home/.hermes/state.db"]);
    const told = { HERMES_HOME: `${join(box.dir, "a")},${join(box.dir, "b")}` };
    expect(found("hermes", box, told)).toEqual(["a/state.db", "b/profiles/x/state.db", "b/state.db"]);
  });

  test("books a session and the work beside it apart, each by what it grew", async () => {
    const box = sandbox();
    const db = database(
      join(box.home, ".hermes/state.db"),
      `CREATE TABLE sessions (id TEXT PRIMARY KEY, model TEXT, billing_provider TEXT, cwd TEXT, input_tokens INTEGER, output_tokens INTEGER);
       CREATE TABLE messages (id INTEGER PRIMARY KEY, session_id TEXT, timestamp REAL);
       CREATE TABLE session_model_usage (session_id TEXT, model TEXT, billing_provider TEXT, task TEXT, input_tokens INTEGER,
         output_tokens INTEGER, last_seen REAL, PRIMARY KEY (session_id, model, task));
       INSERT INTO sessions VALUES ('s', 'gpt-5.4', 'openai', '/code/shop', 100, 10);
       INSERT INTO messages VALUES (1, 's', 1780000000.5);
       INSERT INTO session_model_usage VALUES ('s', 'gpt-5.4', 'openai', '', 100, 10, 1780000000), ('s', 'gpt-5.4-mini', 'openai', 'vision', 7, 1, 1780000000)`,
    );
    await collect(box, "hermes");
    db.exec(`UPDATE sessions SET input_tokens = 150; INSERT INTO messages VALUES (2, 's', 1780000060);
      UPDATE session_model_usage SET input_tokens = 150 WHERE task = '';
      UPDATE session_model_usage SET input_tokens = 9, last_seen = 1780000030 WHERE task = 'vision'`);
    await collect(box, "hermes");
    expect(
      query(box, "SELECT ts_ms AS at, model, input_tokens AS input, output_tokens AS output FROM usage_records ORDER BY ts_ms, model"),
    ).toEqual([
      { at: 1_780_000_000_000, model: "gpt-5.4-mini", input: 7, output: 1 },
      { at: 1_780_000_000_500, model: "gpt-5.4", input: 100, output: 10 },
      { at: 1_780_000_030_000, model: "gpt-5.4-mini", input: 2, output: 0 },
      { at: 1_780_000_060_000, model: "gpt-5.4", input: 50, output: 0 },
    ]);
  });
});

describe("Factory Droid", () => {
  const answer = (at: string, edited: string) =>
    `${JSON.stringify({
      type: "message",
      timestamp: at,
      message: { role: "assistant", content: [{ type: "tool_use", name: "Edit", input: { file_path: edited } }] },
    })}\n`;

  test("is looked for below its folder, or where it is told", () => {
    const box = sandbox();
    empty(box, "home/.factory/sessions/-work/a.settings.json", "home/.factory/sessions/b.settings.json", "home/.factory/settings.json");
    empty(box, "one/c.settings.json", "two/-work/d.settings.json", "copy/sessions/e.settings.json", "copies/sessions/f.settings.json");
    expect(found("droid", box, {})).toEqual(["home/.factory/sessions/-work/a.settings.json", "home/.factory/sessions/b.settings.json"]);
    const told = { DROID_SESSIONS_DIR: `${join(box.dir, "one")},${join(box.dir, "two")}` };
    expect(found("droid", box, told, [join(box.dir, "copy"), join(box.dir, "copies/sessions")])).toEqual([
      "copies/sessions/f.settings.json",
      "copy/sessions/e.settings.json",
      "one/c.settings.json",
      "two/-work/d.settings.json",
    ]);
  });

  test("books each growth with its own time and the files that were edited meanwhile", async () => {
    const box = sandbox();
    const repo = box.repo("shop");
    const base = join(box.home, ".factory", "sessions", "-shop", "s1");
    mkdirSync(dirname(base), { recursive: true });
    let written = 0;
    const settle = (outputTokens: number) => {
      writeFileSync(
        `${base}.settings.json`,
        JSON.stringify({ model: "gpt-5.4", providerLock: "openai", tokenUsage: { inputTokens: 10, outputTokens } }),
      );
      utimesSync(`${base}.settings.json`, new Date(), new Date(Date.now() + ++written * 1000));
    };
    appendFileSync(
      `${base}.jsonl`,
      `${JSON.stringify({ type: "session_start", id: "s1", cwd: repo })}\n${answer("2026-05-01T10:00:00.000Z", "a.txt")}`,
    );
    settle(5);
    await collect(box, "droid");
    // The settings change for another reason, while an edit is not yet counted.
    appendFileSync(`${base}.jsonl`, answer("2026-05-01T11:00:00.000Z", join(repo, "b.txt")));
    settle(5);
    await collect(box, "droid");
    appendFileSync(`${base}.jsonl`, answer("2026-05-01T12:00:00.000Z", "c.txt"));
    settle(8);
    await collect(box, "droid");
    expect(
      query(
        box,
        `SELECT ts, root, input_tokens AS input, output_tokens AS output,
           (SELECT group_concat(path, ' ') FROM (SELECT path FROM record_files WHERE record_seq = seq ORDER BY path)) AS files
         FROM usage_records JOIN worktrees ON worktrees.id = worktree ORDER BY ts`,
      ),
    ).toEqual([
      { ts: Date.parse("2026-05-01T10:00:00Z") / 1000, root: repo, input: 10, output: 5, files: "a.txt" },
      { ts: Date.parse("2026-05-01T12:00:00Z") / 1000, root: repo, input: 0, output: 3, files: "b.txt c.txt" },
    ]);
  });

  test("an older copy of a session that was written later takes nothing back and adds nothing", async () => {
    const box = sandbox();
    const folder = join(box.home, ".factory", "sessions");
    const put = (name: string, outputTokens: number, at: string, mtime: string) => {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, "s1.settings.json"), JSON.stringify({ model: "gpt-5.4", tokenUsage: { outputTokens } }));
      writeFileSync(join(folder, name, "s1.jsonl"), answer(at, "a.txt"));
      utimesSync(join(folder, name, "s1.settings.json"), new Date(mtime), new Date(mtime));
    };
    put("now", 50, "2026-05-01T12:00:00.000Z", "2026-05-01T12:00:00.000Z");
    put("restored", 20, "2026-05-01T10:00:00.000Z", "2026-06-01T00:00:00.000Z");
    await collect(box, "droid");
    put("again", 20, "2026-05-01T10:00:00.000Z", "2026-07-01T00:00:00.000Z");
    await collect(box, "droid");
    expect(query(box, "SELECT output_tokens AS output FROM usage_records")).toEqual([{ output: 50 }]);
  });
});
