import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { listRules } from "../../flow/route.ts";
import { routesJson } from "../../report/route-json.ts";
import { routesText } from "../../report/route-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

export default class RouteListCommand extends BobaCommand {
  static override paths = [["route", "list"], ["route"]];
  static override usage = Command.Usage({
    category: "Routes",
    description: "The rules in the order in which they are tried",
    details: `
      A repository's own rules (.boba-project.yaml) come before yours (routes.yaml). They are shown as written; \`boba route validate\` checks them.
    `,
    examples: [
      ["The rules here", "boba route list"],
      ["For a program", "boba route list --format json"],
    ],
  });

  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const found = await listRules(this.context.app);
    this.print(format === "json" ? routesJson(found) : routesText(found, screenOf(this.context)));
    return EXIT.ok;
  }
}
