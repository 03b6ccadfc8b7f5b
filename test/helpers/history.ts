/** A repository with a past: commits by one fast-import, their reflog, and one agent's log, all written before boba was there. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { claudeLine, claudeLog } from "./agent.ts";
import type { Sandbox } from "./sandbox.ts";

/** 2026-05-28 20:26:40 UTC. */
const FIRST_S = 1_780_000_000;
const STEP_S = 600;

export interface Past {
  at: string;
  /** Oldest first. */
  shas: string[];
}

/**
 * `commits` commits ten minutes apart, commit n adding the file `f<n>`; before each of them `records` responses of one output token,
 * every third of which edits that file. The log is in order of time, in one file.
 */
export function past(box: Sandbox, commits: number, records: number): Past {
  const at = join(box.dir, "old");
  mkdirSync(at);
  box.git(at, "init", "-q", "-b", "main");
  const seconds = (n: number) => FIRST_S + (n + 1) * STEP_S;
  const stream = Array.from({ length: commits }, (_, n) => {
    const who = `committer Ada <ada@example.com> ${seconds(n)} +0000\n`;
    const text = `commit ${n}`;
    const from = n === 0 ? "" : `from :${n}\n`;
    return `commit refs/heads/main\nmark :${n + 1}\n${who}data ${text.length}\n${text}\n${from}M 644 inline f${n}\ndata 2\nx\n\n`;
  });
  const made = box.tryGit(at, ["fast-import", "--quiet"], { input: stream.join("") });
  if (made.status !== 0) throw new Error(made.stderr);
  const shas = box.git(at, "rev-list", "--reverse", "main").split("\n");
  const entry = (sha: string, n: number) => {
    const old = shas[n - 1] ?? "0".repeat(40);
    return `${old} ${sha} Ada <ada@example.com> ${seconds(n)} +0000\tcommit${n === 0 ? " (initial)" : ""}: commit ${n}\n`;
  };
  mkdirSync(join(at, ".git", "logs"), { recursive: true });
  writeFileSync(join(at, ".git", "logs", "HEAD"), shas.map(entry).join(""));
  const lines = shas.flatMap((_, n) =>
    Array.from({ length: records }, (_unused, k) => {
      const atMs = (seconds(n) - STEP_S + 1 + k) * 1000;
      return claudeLine({ cwd: at, output: 1, atMs, edits: k % 3 === 0 ? [join(at, `f${n}`)] : [] });
    }),
  );
  writeFileSync(claudeLog(box, at, "session-1"), `${lines.join("\n")}\n`);
  return { at, shas };
}
