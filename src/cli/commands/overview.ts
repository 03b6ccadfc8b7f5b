import { Command, Option } from "clipanion";
import { overview } from "../../flow/overview.ts";
import { overviewText } from "../../report/overview-text.ts";
import { BobaCommand } from "../base.ts";
import { screenOf } from "../screen.ts";

export default class OverviewCommand extends BobaCommand {
  static override paths = [Command.Default];
  static override usage = Command.Usage({
    description: "Today, this repository and its branch, the dearest branches, and what to do next",
    examples: [["See where you stand", "boba"]],
  });

  import = Option.Boolean("--import", true, { description: "Show what is stored, without collecting what is new" });

  async run(): Promise<number> {
    const result = await overview(this.context.app, { import: this.import });
    for (const warning of result.warnings) this.tell(warning);
    this.print(overviewText(result, screenOf(this.context)));
    return 0;
  }
}
