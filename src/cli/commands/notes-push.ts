import { counted } from "../../core/money.ts";
import { Command, Option } from "clipanion";
import { pushOwnNotes } from "../../flow/notes-sync.ts";
import { BobaCommand } from "../base.ts";

export default class NotesPushCommand extends BobaCommand {
  static override paths = [["notes", "push"]];
  static override usage = Command.Usage({
    category: "Notes",
    description: "Push this clone's figures to a remote",
    details:
      "Collects what is new, then pushes refs/notes/boba/<this clone's id> and nothing else. Counters and cost only: no prompt, no file name.",
    examples: [
      ["To the branch's remote, else origin", "boba notes push"],
      ["To another one", "boba notes push upstream"],
      ["As they are, without a look at the logs", "boba notes push --no-import"],
    ],
  });

  import = Option.Boolean("--import", true, { description: "Push the notes as they are, without collecting what is new" });
  remote = Option.String({ required: false });

  async run(): Promise<number> {
    const { remote, notes, warnings } = await pushOwnNotes(this.context.app, this.remote, { import: this.import });
    for (const warning of warnings) this.tell(warning);
    this.tell(
      notes === 0
        ? "boba: no notes to push yet: they are written when a commit holds AI spend"
        : `boba: pushed to ${remote}: ${counted(notes, "note")}`,
    );
    return 0;
  }
}
