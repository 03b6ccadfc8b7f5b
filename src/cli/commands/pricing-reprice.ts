import { Command, Option } from "clipanion";
import { BobaError, EXIT } from "../../core/errors.ts";
import { shellQuote } from "../../core/text.ts";
import { reprice, undoReprice } from "../../flow/reprice.ts";
import { repriceJson } from "../../report/pricing-json.ts";
import { repriceText, undoJson, undoText } from "../../report/pricing-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

export default class PricingRepriceCommand extends BobaCommand {
  static override paths = [["pricing", "reprice"]];
  static override usage = Command.Usage({
    description: "Price stored records again, and show the difference",
    details: `
      Each record gets the price that was in force at its time, by the list that is at hand now. Without \`--yes\` nothing is written. What a record cost
      before is kept; \`--undo\` takes the last run back. Notes of the commits concerned follow at the next run. A record whose model no list knows any
      more keeps its price.
    `,
    examples: [
      ["What would change?", "boba pricing reprice --dry-run"],
      ["Since a price was corrected", "boba pricing reprice --since 2026-11-01 --yes"],
      ["One model, or all that begin so", "boba pricing reprice --model 'gpt-5.5*' --yes"],
      ["Take the last one back", "boba pricing reprice --undo"],
    ],
  });

  since = Option.String("--since", { description: "Records from this day or time on" });
  until = Option.String("--until", { description: "Records up to this day (whole) or time" });
  model = Option.String("--model", { description: "Records of this model; a * at the end stands for anything" });
  dryRun = Option.Boolean("--dry-run", false, { description: "Only show the difference" });
  yes = Option.Boolean("--yes,-y", false, { description: "Write it" });
  undo = Option.Boolean("--undo", false, { description: "Give records the price again that the last run changed" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const { app } = this.context;
    if ((this.dryRun && (this.yes || this.undo)) || (this.undo && [this.since, this.until, this.model].some((told) => told !== undefined)))
      throw new BobaError("BOBA-USE-42", EXIT.usage, "these options do not go together", "use --dry-run, --yes or --undo alone");
    if (this.undo) {
      const undone = await undoReprice(app);
      this.print(format === "json" ? undoJson(undone) : undoText(undone));
      return EXIT.ok;
    }
    const result = await reprice(app, { since: this.since, until: this.until, model: this.model, write: this.yes });
    this.print(format === "json" ? repriceJson(result) : repriceText(result, this.again(), screenOf(this.context)));
    return EXIT.ok;
  }

  /** What to type to write what was shown. */
  private again(): string {
    const told = [
      ["--since", this.since],
      ["--until", this.until],
      ["--model", this.model],
    ] as const;
    const words = told.flatMap(([name, value]) => (value === undefined ? [] : [name, shellQuote(value)]));
    return ["boba pricing reprice", ...words, "--yes"].join(" ");
  }
}
