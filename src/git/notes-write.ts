/** Writes notes: one `git fast-import` for any number of commits, which takes effect whole or not at all. */
import { BobaError, EXIT } from "../core/errors.ts";
import { NOTES_PREFIX } from "./notes.ts";
import type { Repository } from "./objects.ts";
import { tryGit } from "./run.ts";

export interface NoteText {
  /** Full id of a commit that exists. */
  sha: string;
  text: string;
}

/** Git would look in twelve places for a ref that is called like each commit's full id, to warn of it. */
const NO_LOOK_FOR_NAMESAKES = ["-c", "core.warnAmbiguousRefs=false"];
/** Git packs each text with memory of its own, which glibc else hands back to the system and asks for again: most of the time that this takes. */
const KEEP_MEMORY = { MALLOC_TOP_PAD_: String(4 * 1024 * 1024) };

export interface WriteOptions {
  /** The tip that the texts were worked out from; null when the ref did not exist. */
  base: string | null;
  /** Unix milliseconds, for the notes commit. */
  nowMs: number;
}

/**
 * Replaces the notes of these commits on the clone's own ref. Returns "moved" and writes nothing when the ref is no longer at `base`.
 * @throws BobaError BOBA-NOTE-7 when git refuses.
 */
export async function writeNotes(
  repo: Repository,
  cloneId: string,
  notes: readonly NoteText[],
  options: WriteOptions,
): Promise<"written" | "moved"> {
  const ref = NOTES_PREFIX + cloneId;
  const lines: string[] = [
    "feature done",
    `commit ${ref}`,
    `committer boba <boba@localhost> ${Math.floor(options.nowMs / 1000)} +0000`,
    "data 11\nboba notes\n",
  ];
  // By id and not by name: git then refuses the update if another process has moved the ref since.
  if (options.base !== null) lines.push(`from ${options.base}`);
  for (const { sha, text } of notes) lines.push(`N inline ${sha}`, `data ${Buffer.byteLength(text)}\n${text}`);
  lines.push("done\n");
  const result = await tryGit(["--git-dir", repo.commonDir, ...NO_LOOK_FOR_NAMESAKES, "fast-import", "--quiet"], {
    at: repo.commonDir,
    env: { ...repo.env, ...KEEP_MEMORY },
    input: lines.join("\n"),
  });
  if (result.code === 0) return "written";
  const tip = await tryGit(["--git-dir", repo.commonDir, "rev-parse", "--verify", "--quiet", ref], { at: repo.commonDir, env: repo.env });
  if (tip.stdout.toString("latin1").trim() !== (options.base ?? "")) return "moved";
  // A lock held by the other writer at this very moment looks like a failure, and is gone on the next try.
  if (/unable to create '.*\.lock'/i.test(result.stderr)) return "moved";
  throw new BobaError(
    "BOBA-NOTE-7",
    EXIT.failed,
    `git could not write the notes: ${result.stderr.trim().split("\n")[0] ?? ""}`,
    `nothing was changed and nothing is lost; check the repository: git -C ${repo.commonDir} fsck`,
  );
}
