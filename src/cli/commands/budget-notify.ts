import { Command, Option } from "clipanion";
import { BUDGET_PERIODS, BUDGET_SCOPES } from "../../core/budget.ts";
import { ALERT_LEVELS } from "../../core/budget-alert.ts";
import { EXIT } from "../../core/errors.ts";
import { notifyOf } from "../../flow/budget-alerts.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class BudgetNotifyCommand extends BobaCommand {
  static override paths = [["budget", "notify"]];
  static override usage = Command.Usage({
    category: "Budgets",
    description: "Run your command for alerts, as an alert does in the background; to try it",
    details: `
      The command stands in settings.yaml (\`alerts.command\`, a list: no shell). It finds BOBA_ALERT_SCOPE, _TARGET, _PERIOD, _DAYS (of a rolling cap), _LEVEL,
      _SPENT_USD and _LIMIT_USD in its environment, no secrets, and is ended after 30 seconds.
    `,
    examples: [["As if half of the daily limit were spent", "boba budget notify global daily 50"]],
  });

  scope = Option.String({ name: "scope" });
  period = Option.String({ name: "period" });
  level = Option.String({ name: "level" });
  target = Option.String("--target", { description: "The project's, profile's or branch's name" });

  days = Option.String("--days", { description: "Which rolling cap, where there are several: the days it looks back" });

  async run(): Promise<number> {
    const scope = choice("scope", this.scope, BUDGET_SCOPES);
    const period = choice("period", this.period, BUDGET_PERIODS);
    const level = Number(choice("level", this.level, ALERT_LEVELS.map(String)));
    const status = await notifyOf(this.context.app, {
      scope,
      period,
      level,
      target: this.target ?? null,
      days: this.days === undefined ? null : Number(this.days),
    });
    if (status !== 0) this.tell(`the command ended with status ${status}`);
    return status === 0 ? EXIT.ok : EXIT.failed;
  }
}
