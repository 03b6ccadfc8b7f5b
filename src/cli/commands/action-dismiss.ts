import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { localPeriod } from "../../core/range.ts";
import { dismissAction, snoozeAction } from "../../flow/action-apply.ts";
import { clockOf } from "../../flow/filter.ts";
import { BobaCommand } from "../base.ts";
import { positive } from "../choice.ts";

const SNOOZE_DAYS = 7;

export default class ActionDismissCommand extends BobaCommand {
  static override paths = [
    ["action", "dismiss"],
    ["action", "snooze"],
  ];
  static override usage = Command.Usage({
    category: "Suggestions",
    description: "Do not show a suggestion again, or not for a while",
    examples: [
      ["Never again", "boba action dismiss 3fa9c1e2"],
      ["Not for two weeks", "boba action snooze 3fa9c1e2 --days 14"],
    ],
  });

  id = Option.String({ name: "id" });
  days = Option.String("--days", { description: "For how long to snooze it (7)" });

  async run(): Promise<number> {
    const { app } = this.context;
    if (this.path.includes("dismiss")) {
      const { id } = await dismissAction(app, this.id);
      this.print(`${id} is dismissed`);
      return EXIT.ok;
    }
    const days = positive("--days", this.days) ?? SNOOZE_DAYS;
    const untilMs = await snoozeAction(app, this.id, days);
    this.print(`snoozed until ${localPeriod(untilMs, "day", clockOf(app))}`);
    return EXIT.ok;
  }
}
