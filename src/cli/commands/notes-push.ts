import { counted } from "../../core/money.ts";
import { Command, Option } from "clipanion";
import { pushOwnNotes } from "../../flow/notes-sync.ts";
import { BobaCommand } from "../base.ts";

export default class NotesPushCommand extends BobaCommand {
  static override paths = [["notes", "push"]];
  static override usage = Command.Usage({
    category: "Notes",
    description: "Push this clone's figures to a remote",
    details: "Pushes refs/notes/boba/<this clone's id> and nothing else. Counters and cost only: no prompt, no file name.",
    examples: [
      ["To the branch's remote, else origin", "boba notes push"],
      ["To another one", "boba notes push upstream"],
    ],
  });

  remote = Option.String({ required: false });

  async run(): Promise<number> {
    const { remote, notes } = await pushOwnNotes(this.context.app, this.remote);
    this.tell(
      notes === 0
        ? "boba: no notes to push yet: they are written when a commit holds AI spend"
        : `boba: pushed to ${remote}: ${counted(notes, "note")}`,
    );
    return 0;
  }
}
