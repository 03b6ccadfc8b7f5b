// Repositories and ledgers of a given size, made without boba's own collecting: what is measured starts from there.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export function git(cwd, env, args, input = "") {
  const done = spawnSync("git", args, { cwd, env, encoding: "utf8", input, maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`git ${args.join(" ")}: ${done.stderr}`);
  return done.stdout.trim();
}

/** A repository of `files` files with one commit, and a bare remote beside it. */
export function repository(at, env, files) {
  mkdirSync(at, { recursive: true });
  git(at, env, ["init", "-q"]);
  for (let n = 0; n < files; n++) writeFileSync(join(at, `file-${n}.txt`), `file ${n}\n`.repeat(50));
  git(at, env, ["add", "."]);
  git(at, env, ["commit", "-q", "-m", "root"]);
  git(at, env, ["clone", "-q", "--bare", at, `${at}.git`]);
  git(at, env, ["remote", "add", "origin", `${at}.git`]);
  git(at, env, ["fetch", "-q"]);
  return at;
}

/** A repository with `count` commits, a minute apart, on main and in HEAD's reflog. Returns their ids, oldest first. */
export function history(at, env, count, startS) {
  mkdirSync(at, { recursive: true });
  git(at, env, ["init", "-q"]);
  const stream = Array.from({ length: count }, (_, n) => {
    const text = `commit ${n}\n`;
    return `commit refs/heads/main\ncommitter Ada <ada@example.com> ${startS + n * 60} +0000\ndata ${text.length}\n${text}M 100644 inline f\ndata ${text.length}\n${text}\n`;
  }).join("");
  git(at, env, ["fast-import", "--quiet"], stream);
  git(at, env, ["reset", "-q", "--hard", "main"]);
  const shas = git(at, env, ["rev-list", "--reverse", "main"]).split("\n");
  const log = shas.map(
    (sha, n) => `${shas[n - 1] ?? "0".repeat(40)} ${sha} Ada <ada@example.com> ${startS + n * 60} +0000\tcommit: commit ${n}`,
  );
  writeFileSync(join(at, ".git", "logs", "HEAD"), `${log.join("\n")}\n`);
  return shas;
}

/** The ledger as boba itself makes it, with nothing in it. */
function emptyLedger(path) {
  const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
  const env = { ...process.env, BOBA_DB_PATH: path, BOBA_HOME: dirname(path) };
  const done = spawnSync(process.execPath, [main, "audit", "--no-import"], { env, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`boba audit: ${done.stderr}`);
}

/** A ledger with `count` records, `everyMs` apart from `startMs` on, over `branches` branches of one worktree (none: outside). */
export function ledger(path, { count, startMs, everyMs, branches, worktree }) {
  emptyLedger(path);
  const db = new Database(path);
  const place = worktree === undefined ? null : seedPlace(db, worktree);
  const insert = db.prepare(
    `INSERT INTO usage_records (id, ts, ts_ms, session_id, tool, provider, model, input_tokens, output_tokens, cache_read_tokens, cost_nanousd,
       price_source, repo, worktree, branch) VALUES (?, ?, ?, ?, 'claude-code', 'anthropic', 'claude-sonnet-4-5-20250929', 1000, 500, 90000, 37500000,
       'catalogue', ?, ?, ?)`,
  );
  db.transaction(() => {
    for (let n = 0; n < count; n++) {
      const tsMs = startMs + n * everyMs;
      const branch = branches === 0 ? null : `feat/${Math.floor((n * branches) / count)}`;
      insert.run(
        n.toString(16).padStart(32, "0"),
        Math.floor(tsMs / 1000),
        tsMs,
        `s-${Math.floor(n / 500)}`,
        place?.repo ?? null,
        place?.worktree ?? null,
        branch,
      );
    }
  })();
  db.close();
}

function seedPlace(db, root) {
  const gitDir = join(root, ".git");
  const repo = db.prepare("INSERT INTO repos (common_dir, name) VALUES (?, 'bench')").run(gitDir).lastInsertRowid;
  return {
    repo,
    worktree: db.prepare("INSERT INTO worktrees (repo, root, git_dir) VALUES (?, ?, ?)").run(repo, root, gitDir).lastInsertRowid,
  };
}

/** Notes of `writers` clones over these commits, one cell on each. */
export function notes(at, env, shas, writers) {
  const each = Math.ceil(shas.length / writers);
  const stream = Array.from({ length: writers }, (_, writer) => {
    const lines = shas.slice(writer * each, (writer + 1) * each).map((sha) => {
      const text = `{"v":1,"id":"${sha.slice(0, 16)}","tool":"claude-code","model":"claude-sonnet-4-5-20250929","branch":"main","requests":3,"input":10,"output":20,"cache_read":30,"cache_write":0,"nano_usd":1000000,"from":1767225600,"to":1767225660}\n`;
      return `N inline ${sha}\ndata ${text.length}\n${text}\n`;
    });
    const id = writer.toString(16).padStart(8, "0");
    return `commit refs/notes/boba/${id}\ncommitter Ada <ada@example.com> 1767225600 +0000\ndata 5\nnotes\n${lines.join("")}\n`;
  }).join("");
  git(at, env, ["fast-import", "--quiet"], stream);
}
