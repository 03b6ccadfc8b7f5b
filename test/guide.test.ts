/**
 * What operators of the system before do every day, from its guide: paths, environment, exit codes, SQL and JSON fields, as shell scripts against a
 * home folder with real records. A script that needs a program which this machine lacks is left out, and which were is asserted to be few.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { respond } from "./helpers/agent.ts";
import { BOBA, type Sandbox, sandbox } from "./helpers/sandbox.ts";

interface Script {
  what: string;
  needs: readonly string[];
  text: string;
  /** Default 0. */
  status?: number;
  check?: (stdout: string, box: Sandbox) => void;
}

/** Three responses today (0.045 $), two a hundred days ago (0.030 $). */
function home(): { box: Sandbox; run: (text: string) => ReturnType<typeof spawnSync> } {
  const box = sandbox();
  for (let n = 0; n < 3; n++) respond(box, { cwd: "/w", output: 1000 });
  for (let n = 0; n < 2; n++) respond(box, { cwd: "/w", output: 1000, atMs: Date.now() - 100 * 86_400_000 });
  const bin = join(box.dir, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "boba"), `#!/bin/sh\nexec '${process.execPath}' '${BOBA}' "$@"\n`);
  chmodSync(join(bin, "boba"), 0o755);
  box.boba(["init"]);
  box.boba(["stats"]);
  const env = { ...box.env, PATH: `${bin}${delimiter}${box.env["PATH"]}` };
  return { box, run: (text) => spawnSync("bash", ["-c", text], { env, cwd: box.home, encoding: "utf8" }) };
}

const today = new Date().toISOString().slice(0, 10).replaceAll("-", "");
const OLD = "ts < strftime('%s', 'now', '-90 days')";

const SCRIPTS: readonly Script[] = [
  {
    what: "verify an installation",
    needs: [],
    text: "boba version && boba doctor",
    check: (text) => expect(text).toMatch(/\d+\.\d+\.\d+/),
  },
  {
    what: "initial set-up",
    needs: [],
    text: "mkdir -p ~/.boba/logs && chmod 700 ~/.boba && boba doctor && chmod 600 ~/.boba/secrets.yaml && boba doctor && ls ~/.boba",
    check: (text) =>
      expect(
        ["profiles.yaml", "routes.yaml", "pricing.yaml", "secrets.yaml", "usage.db", "logs"].filter((name) => !text.includes(name)),
      ).toEqual([]),
  },
  {
    what: "shared configuration by links",
    needs: [],
    text: "mkdir shared && mv ~/.boba/pricing.yaml shared/ && ln -sf ~/shared/pricing.yaml ~/.boba/pricing.yaml && boba doctor && test -L ~/.boba/pricing.yaml",
  },
  {
    what: "hot backup, old ones packed, very old ones deleted",
    needs: ["sqlite3"],
    text: `D=~/backups/boba; mkdir -p $D; sqlite3 ~/.boba/usage.db ".backup $D/usage-$(date -u +%Y%m%d).db"; touch -d '10 days ago' $D/usage-20200101.db
      find $D -name "usage-*.db" -mtime +7 -exec gzip {} \\;; find $D -name "usage-*.db.gz" -mtime +90 -delete
      sqlite3 $D/usage-$(date -u +%Y%m%d).db "SELECT COUNT(*) FROM usage_records;"`,
    check: (text) => expect(text.trim()).toBe("5"),
  },
  {
    what: "restore from a backup",
    needs: ["sqlite3"],
    text: 'sqlite3 ~/.boba/usage.db ".backup /$HOME/b.db" && sqlite3 ~/.boba/usage.db "DELETE FROM usage_records;" && cp b.db ~/.boba/usage.db && sqlite3 ~/.boba/usage.db "PRAGMA integrity_check;" && boba stats --today --format json',
    check: (text) => expect(JSON.parse(text.slice(text.indexOf("{")))).toMatchObject({ total_requests: 3 }),
  },
  {
    what: "weekly maintenance",
    needs: ["sqlite3"],
    text: 'DB=~/.boba/usage.db; sqlite3 $DB "PRAGMA integrity_check;" | grep -q ok && sqlite3 $DB "VACUUM;" && sqlite3 $DB "ANALYZE;" && du -h $DB && sqlite3 $DB "SELECT COUNT(*) FROM usage_records;" && boba audit > /dev/null',
    check: (text) => expect(text.trim().split("\n").at(-1)).toBe("5"),
  },
  {
    what: "archive to CSV, purge, vacuum",
    needs: ["sqlite3"],
    text: `DB=~/.boba/usage.db; A=~/.boba/archives; mkdir -p $A
      sqlite3 -header -csv $DB "SELECT * FROM usage_records WHERE ${OLD};" > $A/archive-${today}.csv
      if [ -s $A/archive-${today}.csv ]; then gzip $A/archive-${today}.csv; sqlite3 $DB "DELETE FROM usage_records WHERE ${OLD};"; sqlite3 $DB "VACUUM;"; fi
      sqlite3 $DB "SELECT COUNT(*) FROM usage_records;"; boba audit > /dev/null && boba db check --full > /dev/null`,
    check: (text, box) => {
      expect(text.trim()).toBe("3");
      const csv = gunzipSync(readFileSync(join(box.bobaHome, "archives", `archive-${today}.csv.gz`))).toString();
      expect(csv.trim().split("\n")).toHaveLength(3);
      expect(csv.split("\n")[0]).toMatch(/(^|,)ts,.*session_id,.*cost_nanousd/);
    },
  },
  {
    what: "logs: level, tail, search, by day",
    needs: [],
    text: 'export BOBA_LOG_LEVEL=debug; boba drain; tail -n 100 ~/.boba/logs/boba.log | grep -c . && grep "$(date -u +%Y-%m-%d)" ~/.boba/logs/boba.log | head -1; grep -ci error ~/.boba/logs/boba.log; true',
    check: (text) => expect(text).toContain(new Date().toISOString().slice(0, 10)),
  },
  {
    what: "rotation by hand, while boba goes on writing",
    needs: [],
    text: 'boba drain; L=~/.boba/logs; mv $L/boba.log $L/boba.log.$(date -u +%Y%m%d); find $L -name "boba.log.*" ! -name "*.gz" -mtime +1 -exec gzip {} \\;; touch $L/boba.log; boba drain; test -s $L/boba.log && ls $L',
    check: (text) => expect(text).toContain(`boba.log.${today}`),
  },
  {
    what: "health check",
    needs: [],
    text: "if boba doctor > /dev/null 2>&1; then echo OK; else echo CRITICAL; exit 2; fi",
    check: (text) => expect(text).toBe("OK\n"),
  },
  {
    what: "health check of something broken",
    needs: [],
    text: 'echo "hooks: [" > ~/.boba/settings.yaml; if boba doctor > /dev/null 2>&1; then echo OK; else echo CRITICAL; exit 2; fi',
    status: 2,
    check: (text) => expect(text).toBe("CRITICAL\n"),
  },
  {
    what: "spending against a daily budget",
    needs: ["jq", "bc"],
    text: `CURRENT=$(boba stats --today --format json | jq '.total_cost_usd'); PERCENT=$(echo "scale=2; $CURRENT / 0.05 * 100" | bc)
      if (( $(echo "$PERCENT > 75" | bc -l) )); then echo "WARNING: $PERCENT% ($CURRENT)"; fi`,
    check: (text) => expect(text.trim()).toBe("WARNING: 90.00% (0.045)"),
  },
  {
    what: "metrics for the textfile collector",
    needs: ["jq"],
    text: `F=bobamixer.prom; for f in cost_usd:cost requests:requests tokens:tokens; do echo "bobamixer_daily_\${f#*:} $(boba stats --today --format json | jq ".total_\${f%:*}")" >> $F; done; cat $F`,
    check: (text) =>
      expect(text.trim().split("\n")).toEqual(["bobamixer_daily_cost 0.045", "bobamixer_daily_requests 3", "bobamixer_daily_tokens 3000"]),
  },
  {
    what: "before an upgrade",
    needs: ["sqlite3"],
    text: 'cp -r ~/.boba ~/.boba.backup && sqlite3 ~/.boba/usage.db ".backup /$HOME/.boba/usage.db.backup" && boba version && BOBA_HOME=~/.boba.backup boba stats --today --format json',
    check: (text) => expect(JSON.parse(text.slice(text.indexOf("{")))).toMatchObject({ total_requests: 3 }),
  },
  {
    what: "pragmas",
    needs: ["sqlite3"],
    text: 'DB=~/.boba/usage.db; sqlite3 $DB "PRAGMA journal_mode=WAL;" && sqlite3 $DB "PRAGMA cache_size=-8000;" && sqlite3 $DB "PRAGMA page_size=4096;" && sqlite3 $DB "PRAGMA user_version;" && sqlite3 $DB ".schema" | grep -c usage_records && boba stats > /dev/null',
    check: (text) => expect(text).toMatch(/^wal\n/),
  },
  {
    what: "rights",
    needs: [],
    text: "chmod 700 ~/.boba && chmod 600 ~/.boba/secrets.yaml && chmod 644 ~/.boba/profiles.yaml ~/.boba/routes.yaml ~/.boba/pricing.yaml && boba doctor && du -sh ~/.boba/* > /dev/null",
  },
  {
    what: "a lock: the log and index of the ledger are deleted, as one should not",
    needs: [],
    text: "rm -f ~/.boba/usage.db-shm ~/.boba/usage.db-wal; boba doctor > /dev/null && boba stats --today --format json && boba audit > /dev/null",
    check: (text) => expect(JSON.parse(text)).toMatchObject({ total_requests: 3 }),
  },
];

const has = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const runnable = SCRIPTS.filter(({ needs }) => needs.every(has));

test("most of the guide can be run here", () => expect(runnable.length).toBeGreaterThan(8));

test.each(runnable.map((script) => [script.what, script] as const))("%s", (_, { text, status = 0, check }) => {
  const { box, run } = home();
  const result = run(text);
  expect([result.status, result.stderr]).toEqual([status, expect.any(String)]);
  check?.(String(result.stdout), box);
});
