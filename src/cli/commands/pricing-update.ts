import { Command, Option } from "clipanion";
import { BobaError, EXIT } from "../../core/errors.ts";
import { updatePricing } from "../../flow/pricing-update.ts";
import { updateJson, updateText } from "../../report/pricing-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class PricingUpdateCommand extends BobaCommand {
  static override paths = [["pricing", "update"]];
  static override usage = Command.Usage({
    description: "Fetch the newest list of prices",
    details: `
      Keeps it in ~/.boba/pricing.cache.json; new records are priced by it, stored ones keep their price. Nothing about you or your usage is sent.
      Without a connection, or when what arrives is not a sound list, the prices at hand stay in force and the command still succeeds.
    `,
    examples: [
      ["Fetch", "boba pricing update"],
      ["From a scheduled job that must not be silent about failures", "boba pricing update --strict"],
      ["From your own server", "boba pricing update --url https://prices.example.com/data.json"],
    ],
  });

  url = Option.String("--url", { description: "Fetch from here, instead of pricing.url in settings.yaml" });
  strict = Option.Boolean("--strict", false, { description: "Exit with 4 when the prices could not be fetched" });
  quiet = Option.Boolean("--quiet,-q", false, { description: "Say nothing" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const update = await updatePricing(this.context.app, this.url);
    const isKept = update.outcome === "kept";
    if (format === "json") this.print(updateJson(update));
    else if (isKept && this.strict)
      throw new BobaError("BOBA-NET-1", EXIT.network, updateText(update), "try again later, or name another address with --url");
    else if (!this.quiet && isKept) this.tell(updateText(update));
    else if (!this.quiet) this.print(updateText(update));
    return isKept && this.strict ? EXIT.network : EXIT.ok;
  }
}
