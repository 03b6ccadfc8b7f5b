import { counted } from "../../core/money.ts";
import { Command, Option } from "clipanion";
import { fetchOthersNotes } from "../../flow/notes-sync.ts";
import { BobaCommand } from "../base.ts";

export default class NotesFetchCommand extends BobaCommand {
  static override paths = [["notes", "fetch"]];
  static override usage = Command.Usage({
    category: "Notes",
    description: "Fetch everyone else's figures from a remote",
    details: "Fetches refs/notes/boba/* but this clone's own. Your other notes, branches and tags are not touched.",
    examples: [
      ["From the branch's remote, else origin", "boba notes fetch"],
      ["From another one", "boba notes fetch upstream"],
    ],
  });

  remote = Option.String({ required: false });

  async run(): Promise<number> {
    const { remote, writers, changed } = await fetchOthersNotes(this.context.app, this.remote);
    this.tell(`boba: fetched from ${remote}: notes of ${counted(writers, "other clone")}, ${changed} new or changed`);
    return 0;
  }
}
