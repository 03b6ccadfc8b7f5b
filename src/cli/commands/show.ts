import { Command, Option } from "clipanion";
import { showCommits } from "../../flow/show.ts";
import { showJson } from "../../report/show-json.ts";
import { showTable } from "../../report/show-table.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class ShowCommand extends BobaCommand {
  static override paths = [["show"]];
  static override usage = Command.Usage({
    description: "Print what commits cost, cell by cell",
    details: `
      A cell is what one session spent with one model before one commit. Figures come from this machine's ledger and from the notes of everyone who
      shares theirs. In a range, a cell that is on several commits counts once in the total.
    `,
    examples: [
      ["The last commit", "boba show HEAD"],
      ["And why it is booked there", "boba show HEAD --why"],
      ["A branch, as JSON", "boba show main..HEAD --format json"],
    ],
  });

  rev = Option.String({ required: false, name: "rev or range" });
  format = Option.String("--format", "table", { description: "table or json" });
  why = Option.Boolean("--why", false, { description: "Also say how and on what evidence each commit got its requests" });
  import = Option.Boolean("--import", true, { description: "Show what is stored, without collecting what is new" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["table", "json"]);
    const { cost, skipped, warnings, why } = await showCommits(this.context.app, this.rev ?? "HEAD", {
      import: this.import,
      why: this.why,
    });
    for (const warning of warnings) this.tell(warning);
    this.print(format === "json" ? showJson(cost, skipped, why) : showTable(cost, skipped, why));
    return 0;
  }
}
