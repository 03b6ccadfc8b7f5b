import { Command, Option } from "clipanion";
import { parseLimit } from "../../core/budget-typed.ts";
import { BobaError, EXIT } from "../../core/errors.ts";
import { budgets } from "../../flow/budget.ts";
import { clockOf } from "../../flow/filter.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

export default class BudgetCommand extends BobaCommand {
  static override paths = [["budget"], ["budget", "status"]];
  static override usage = Command.Usage({
    category: "Budgets",
    description: "How much of each limit is spent, and setting limits",
    details: `
      Limits are on a local day, a week from Monday, a month, or any days in a row up to now (\`rolling\`); on everything, or on a project, a profile or a
      branch. They tell, at 50, 80 and 100 %; with \`--enforce\`, \`boba run\` and \`boba call\` refuse what is beyond. See docs/budgets.md.
    `,
    examples: [
      ["What is left", "boba budget"],
      ["Where it goes", "boba budget --projection"],
      ["10 dollars a day, and 200 in any 30 days", "boba budget --set daily=10 --set rolling=200/30d"],
      ["A project stops at 5 dollars a day", "boba budget --project shop --set daily=5 --enforce"],
      ["Take a limit away", "boba budget --set daily=none"],
    ],
  });

  set = Option.Array("--set", [], { description: "daily=USD, weekly=USD, monthly=USD, rolling=USD/30d; none takes it away" });
  project = Option.String("--project", { description: "The limits of this project" });
  profile = Option.String("--profile", { description: "The limits of this profile" });
  branch = Option.String("--branch", { description: "The limits of this branch" });
  enforce = Option.Boolean("--enforce", { description: "Refuse what is beyond the limits; --no-enforce tells only" });
  projection = Option.Boolean("--projection", false, { description: "Also what it will be at the end of the period" });
  format = Option.String("--format", "table", { description: "table or json" });
  import = Option.Boolean("--import", true, { description: "Show what is stored, without collecting what is new" });

  async run(): Promise<number> {
    const { app } = this.context;
    const format = choice("format", this.format, ["table", "json"]);
    const { project, profile, branch } = this;
    const [scope, ...others] = (["project", "profile", "branch"] as const).filter((name) => this[name] !== undefined);
    if (others.length > 0)
      throw new BobaError("BOBA-BUD-6", EXIT.usage, "more than one of --project, --profile and --branch", "run boba budget once for each");
    if (this.set.length > 0 || this.enforce !== undefined) {
      const { setBudget } = await import("../../flow/budget-set.ts");
      const limits = this.set.map(parseLimit);
      const target = scope === undefined ? null : (this[scope] ?? null);
      this.tell(`written to ${await setBudget(app, { scope: scope ?? "global", target, limits, enforce: this.enforce })}`);
    }
    const { statuses, warnings } = await budgets(app, { project, profile, branch, import: this.import });
    for (const warning of warnings) this.tell(warning);
    if (format === "json") this.print((await import("../../report/budget-json.ts")).budgetJson(statuses));
    else {
      const { budgetText } = await import("../../report/budget-text.ts");
      const options = { projection: this.projection, filtered: scope !== undefined };
      this.print(budgetText(statuses, screenOf(this.context), clockOf(app), options));
    }
    return EXIT.ok;
  }
}
