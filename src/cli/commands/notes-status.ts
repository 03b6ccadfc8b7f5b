import { Command, Option } from "clipanion";
import { notesStatus } from "../../flow/notes-read.ts";
import { notesStateJson, notesStateText } from "../../report/notes-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class NotesStatusCommand extends BobaCommand {
  static override paths = [["notes", "status"]];
  static override usage = Command.Usage({
    category: "Notes",
    description: "Print whose notes are in this clone, and what is not pushed yet",
    examples: [
      ["In words", "boba notes status"],
      ["As JSON", "boba notes status --format json"],
    ],
  });

  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const status = await notesStatus(this.context.app);
    this.print(format === "json" ? notesStateJson(status) : notesStateText(status));
    return 0;
  }
}
