/** Commands that read logs and repositories: `boba import` and `boba drain`. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { respond } from "../helpers/agent.ts";
import { makeCorpus, writeCorpus } from "../helpers/corpus.ts";
import type { Sandbox } from "../helpers/sandbox.ts";
import { facts, isLedger } from "./content.ts";
import { same, type Scene } from "./kill.ts";

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
const walOver = (bytes: number) => (box: Sandbox) => sizeOf(`${box.db}-wal`) > bytes;

/** `sessions` of 60 responses and 12 of subagents each, copies and repeated lines included. */
export function importScene(sessions: number): Scene {
  const { records } = makeCorpus(1, sessions, 60).total;
  return {
    name: "import",
    build: (box) => writeCorpus(makeCorpus(1, sessions, 60), join(box.home, ".claude", "projects")),
    args: () => ["import"],
    phases: {
      "the ledger is there": (box) => existsSync(box.db),
      "its log grows": walOver(100_000),
      "its log has grown": walOver(1_000_000),
    },
    left(box) {
      if (!existsSync(box.db)) return "nothing written";
      const stored = storedIn(box);
      return stored === 0 ? "no records yet" : stored < records ? "some records" : "all records";
    },
    done: (box) => same("records", facts(box.db).records, records),
  };
}

/** The tables come in one transaction; before it there are none to ask. */
const storedIn = (box: Sandbox): number => (isLedger(box.db) ? facts(box.db).records : 0);

/** Commits whose hooks left hints in the spool, logs nobody has read, notes to be written. */
export function drainScene(commits: number): Scene {
  const treeOf = (box: Sandbox) => {
    const [ref] = box.git(join(box.dir, "repo"), "for-each-ref", "--format=%(refname)", "refs/notes/boba").split("\n");
    return ref === undefined || ref === "" ? "none" : box.git(join(box.dir, "repo"), "rev-parse", `${ref}^{tree}`);
  };
  let wanted: string | null = null;
  return {
    name: "drain",
    build(box) {
      const repo = box.repo();
      box.boba(["hooks", "install", "--mode", "lazy"], { cwd: repo });
      for (let n = 0; n < commits; n++) {
        for (let r = 0; r < 20; r++)
          respond(box, { cwd: repo, output: 100 + n, session: `s${n}`, edits: r % 5 === 0 ? [join(repo, `f${n}`)] : [] });
        box.write(repo, `f${n}`, `${n}\n`);
        box.git(repo, "add", ".");
        box.git(repo, "commit", "-q", "-m", `c${n}`);
        if (n % 4 === 3) box.git(repo, "commit", "-q", "--amend", "-m", `amended ${n}`);
      }
      for (let r = 0; r < 30; r++) respond(box, { cwd: repo, output: 7, session: "pending" });
    },
    args: () => ["drain"],
    phases: {
      "the spool is taken": (box) => readdirSync(join(box.bobaHome, "git-hooks")).some((name) => name.startsWith("spool.taken-")),
      "records are stored": walOver(50_000),
      "git writes the notes": (box) => existsSync(join(box.dir, "repo", ".git", "refs", "notes", "boba")),
    },
    left(box) {
      const stored = storedIn(box);
      const claims = stored > 0 && facts(box.db).claimsHash !== EMPTY_HASH;
      if (treeOf(box) !== "none") return "notes written";
      return claims ? "booked" : stored > 0 ? "collected" : "nothing yet";
    },
    done(box) {
      same("records", facts(box.db).records, commits * 20 + 30);
      const left = readdirSync(join(box.bobaHome, "git-hooks")).filter((name) => name === "spool" || name.startsWith("spool.taken-"));
      same("left of the spool", left, []);
      wanted ??= treeOf(box);
      same("notes", treeOf(box), wanted);
      same("notes are there", wanted === "none", false);
    },
  };
}

/** SHA-1 of nothing. */
const EMPTY_HASH = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
