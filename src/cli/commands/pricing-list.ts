import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { pricingList } from "../../flow/pricing-list.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

export default class PricingListCommand extends BobaCommand {
  static override paths = [["pricing", "list"], ["pricing"]];
  static override usage = Command.Usage({
    description: "What models cost, the ones you use first",
    details: `
      Shows the price in force now per million tokens, whose price it is and since when, with its tiers: above that many tokens of prompt the whole
      request costs more. A model is found under any of its names.
    `,
    examples: [
      ["The models in your records", "boba pricing list"],
      ["One model", "boba pricing list claude-opus-4-8"],
      ["Every known price, for a program", "boba pricing list --all --format json"],
    ],
  });

  model = Option.String({ required: false });
  all = Option.Boolean("--all", false, { description: "Also the models that are in no record" });
  format = Option.String("--format", "table", { description: "table or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["table", "json"]);
    const list = await pricingList(this.context.app, { model: this.model, all: this.all });
    if (format === "json") this.print((await import("../../report/pricing-json.ts")).pricingJson(list));
    else this.print((await import("../../report/pricing-table.ts")).pricingTable(list, screenOf(this.context)));
    return EXIT.ok;
  }
}
