import { Command, Option } from "clipanion";
import { LISTED } from "../../core/listing.ts";
import { clockOf } from "../../flow/filter.ts";
import { list } from "../../flow/listing.ts";
import { listingJson, listingText } from "../../report/listing-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class LsCommand extends BobaCommand {
  static override paths = [["ls"]];
  static override usage = Command.Usage({
    category: "Engine",
    description: "Profiles, projects or sessions, with what they cost",
    details: `
      Cost of today, the last 7 and 30 days, and in all; or since the time that \`--since\` names. Of sessions, the twenty newest. Spend is a profile's when it
      went through \`boba call\` or \`boba run\`.
    `,
    examples: [
      ["Profiles", "boba ls"],
      ["Projects this week", "boba ls projects --since 7d"],
      ["The newest sessions, for a script", "boba ls sessions --format json"],
    ],
  });

  what = Option.String({ required: false });
  since = Option.String("--since", { description: "One sum from this day or time on, e.g. 2026-11-01 or 24h" });
  format = Option.String("--format", "table", { description: "table or json" });
  import = Option.Boolean("--import", true, { description: "Show what is stored, without collecting what is new" });

  async run(): Promise<number> {
    const { app } = this.context;
    const what = choice("list", this.what ?? "profiles", LISTED);
    const format = choice("format", this.format, ["table", "json"]);
    const listing = await list(app, { what, since: this.since, import: this.import });
    for (const warning of listing.warnings) this.tell(warning);
    this.print(format === "json" ? listingJson(listing) : listingText(listing, clockOf(app)));
    return 0;
  }
}
