import { Command, Option } from "clipanion";
import { showNotes } from "../../flow/notes-read.ts";
import { notesShowText } from "../../report/notes-text.ts";
import { notesShowJson } from "../../report/show-json.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class NotesShowCommand extends BobaCommand {
  static override paths = [["notes", "show"]];
  static override usage = Command.Usage({
    category: "Notes",
    description: "Print the notes on one commit, writer by writer",
    examples: [
      ["The last commit", "boba notes show HEAD"],
      ["As JSON", "boba notes show HEAD --format json"],
    ],
  });

  rev = Option.String({ required: false, name: "rev" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const { commit, writers, skipped } = await showNotes(this.context.app, this.rev ?? "HEAD");
    this.print(format === "json" ? notesShowJson(commit, writers, skipped) : notesShowText(commit, writers, skipped));
    return 0;
  }
}
