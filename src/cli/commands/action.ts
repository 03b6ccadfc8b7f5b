import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { listActions } from "../../flow/actions.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

export default class ActionCommand extends BobaCommand {
  static override paths = [["action"], ["action", "list"]];
  static override usage = Command.Usage({
    category: "Suggestions",
    description: "What could be spent less on, worked out from the last 30 days",
    details: `
      Cheaper models for short requests, prompts that are not cached, sessions and days that stand out, abandoned branches, limits that will not hold. Each
      with its evidence, what it would have saved and how sure that is; nothing below a minimum of data. See docs/budgets.md.
    `,
    examples: [
      ["What is there", "boba action"],
      ["Also what was dismissed, snoozed or applied", "boba action list --all"],
      ["For a script", "boba action list --format json"],
    ],
  });

  all = Option.Boolean("--all", false, { description: "Also those that something was done with" });
  format = Option.String("--format", "table", { description: "table or json" });
  import = Option.Boolean("--import", true, { description: "Show what is stored, without collecting what is new" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["table", "json"]);
    const { all } = this;
    const found = await listActions(this.context.app, { import: this.import, all });
    for (const warning of found.warnings) this.tell(warning);
    if (format === "json") this.print((await import("../../report/action-json.ts")).actionsJson(found));
    else this.print((await import("../../report/action-text.ts")).actionsText(found, screenOf(this.context), { all }));
    return EXIT.ok;
  }
}
