/** Reflogs of repositories in git's reftable format, which keeps no log files: git is asked, and only when the tables changed. */
import { hash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { classify, type ReflogCursor, type ReflogEntry } from "../core/reflog.ts";
import type { ReflogSweep } from "./reflog.ts";
import { tryGit } from "./run.ts";

interface At {
  /** The worktree's root: each worktree has a HEAD of its own. */
  at: string;
  env: NodeJS.ProcessEnv;
}

/** HEAD's whole reflog, if the tables changed since; null when they did not, or git is too old to read them. */
export async function sweepReftable(commonDir: string, since: ReflogCursor | null, where: At): Promise<ReflogSweep | null> {
  const list = statSync(join(commonDir, "reftable", "tables.list"), { throwIfNoEntry: false });
  if (list === undefined || (since !== null && since.mtimeMs === list.mtimeMs && since.inode === list.ino)) return null;
  const result = await tryGit(["log", "-g", "--date=unix", "--format=%H%x09%gd%x09%gs", "HEAD", "--"], where);
  if (result.code !== 0) return null;
  const lines = result.stdout
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .reverse();
  let oldSha = "0".repeat(40);
  const entries = lines.flatMap((line): ReflogEntry[] => {
    const [newSha = "", selector = "", ...message] = line.split("\t");
    const seconds = /@\{(\d+)\}$/.exec(selector)?.[1];
    if (seconds === undefined) return [];
    const entry = { oldSha, newSha, tsMs: Number(seconds) * 1000, ...classify(message.join("\t")) };
    oldSha = newSha;
    return [entry];
  });
  const anchor = hash("sha1", result.stdout, "hex");
  const cursor = { size: list.size, mtimeMs: list.mtimeMs, inode: list.ino, offset: lines.length, anchor };
  return { entries, cursor, restarted: true, unreadableLines: lines.length - entries.length };
}
