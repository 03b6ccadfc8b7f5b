import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { actionWith } from "../../flow/action-apply.ts";
import { clockOf } from "../../flow/filter.ts";
import { actionText } from "../../report/action-text.ts";
import { BobaCommand } from "../base.ts";
import { screenOf } from "../screen.ts";

export default class ActionShowCommand extends BobaCommand {
  static override paths = [["action", "show"]];
  static override usage = Command.Usage({
    category: "Suggestions",
    description: "One suggestion with all its evidence",
    details: "The id may be shortened as long as it is clear which one is meant.",
    examples: [["Look at one", "boba action show 3fa9c1e2"]],
  });

  id = Option.String({ name: "id" });

  async run(): Promise<number> {
    const { app } = this.context;
    this.print(actionText(await actionWith(app, this.id), screenOf(this.context), clockOf(app)));
    return EXIT.ok;
  }
}
