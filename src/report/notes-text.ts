/** `boba notes status` and `boba notes show` in words. */
import type { Cell } from "../core/cell.ts";
import { countSkipped, type Skipped } from "../core/ci.ts";
import { counted } from "../core/money.ts";
import { serialiseCell } from "../core/note.ts";
import type { ShareTrouble } from "../core/share.ts";
import { skippedText } from "./ci-markdown.ts";
import { jsonText } from "./sums-json.ts";
import { plainLine } from "./usd.ts";

export interface NotesState {
  own: { ref: string | null; notes: number; unpushed: number | null };
  share: { on: boolean; troubles: readonly ShareTrouble[] };
  others: readonly { writer: string; notes: number }[];
  strange: number;
}

export function notesStateText({ own, others, share, strange }: NotesState): string {
  const lines: string[] = [];
  if (own.ref === null) {
    lines.push("this clone writes no notes yet: boba hooks install");
  } else {
    const pushed = own.unpushed === null ? "never pushed from here" : own.unpushed === 0 ? "all pushed" : `${own.unpushed} not pushed yet`;
    lines.push(`own     ${own.ref}  ${counted(own.notes, "note")}${own.notes === 0 ? "" : `, ${pushed}`}`);
  }
  for (const { writer, notes } of others) lines.push(`other   refs/notes/boba/${plainLine(writer, 100)}  ${counted(notes, "note")}`);
  if (others.length === 0) lines.push("no notes of others here: boba notes fetch");
  if (share.on) lines.push("share   after a push, to the same remote");
  for (const { remote, refused, reason } of share.troubles)
    lines.push(`share   ${plainLine(remote, 100)} ${refused ? "refuses notes" : "was not reached yet"}: ${plainLine(reason, 200)}`);
  if (strange > 0) lines.push(`skipped: ${strange} entries or refs that are not notes`);
  return lines.join("\n");
}

export function notesStateJson({ own, others, share, strange }: NotesState): string {
  return jsonText({
    schema: "boba.notes-status/1",
    own: { ref: own.ref, notes: own.notes, unpushed: own.unpushed },
    others: others.map(({ writer, notes }) => ({ ref: `refs/notes/boba/${writer}`, notes })),
    share: {
      on: share.on,
      failing: share.troubles.map(({ remote, refused, reason, failedAtMs }) => ({
        remote,
        refused,
        reason,
        failed_at: Math.floor(failedAtMs / 1000),
      })),
    },
    skipped: strange,
  });
}

/** The lines as they travel, under the writer's ref. */
export function notesShowText(
  commit: string,
  writers: readonly { writer: string; own: boolean; cells: readonly Cell[] }[],
  skipped: Skipped,
): string {
  const lines = writers.flatMap(({ writer, own, cells }) => [
    `refs/notes/boba/${plainLine(writer, 100)}${own ? " (this clone)" : ""}`,
    // Names in a note may turn text around on a terminal: JSON keeps them readable as escapes.
    ...cells.map(
      (cell) => `  ${serialiseCell(cell).replace(/\p{Cf}/gu, (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`)}`,
    ),
  ]);
  if (writers.length === 0) lines.push(`no notes on ${commit.slice(0, 7)}`);
  if (countSkipped(skipped) > 0) lines.push(`skipped: ${skippedText(skipped)}`);
  return lines.join("\n");
}
