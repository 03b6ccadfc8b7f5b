import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { checkRules } from "../../flow/route.ts";
import { routeCheckJson } from "../../report/route-json.ts";
import { routeCheckText } from "../../report/route-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

export default class RouteValidateCommand extends BobaCommand {
  static override paths = [["route", "validate"]];
  static override usage = Command.Usage({
    category: "Routes",
    description: "Say what is wrong with your rules",
    details: `
      Errors, with exit status 2: conditions that are not understood, profiles that are not defined, ids and fallbacks that repeat. Warnings: rules that can never hold,
      and rules that are never reached because earlier ones always decide. Nothing is said of what cannot be proved.
    `,
    examples: [
      ["Check the rules here", "boba route validate"],
      ["For a program", "boba route validate --format json"],
    ],
  });

  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const found = await checkRules(this.context.app);
    this.print(format === "json" ? routeCheckJson(found) : routeCheckText(found, screenOf(this.context)));
    return found.problems.some(({ severity }) => severity === "error") ? EXIT.usage : EXIT.ok;
  }
}
