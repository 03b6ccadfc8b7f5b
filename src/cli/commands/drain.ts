import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { BobaCommand } from "../base.ts";

export default class DrainCommand extends BobaCommand {
  static override paths = [["drain"]];
  static override usage = Command.Usage({
    description: "Collect, book and note everything new (what the git hooks start in the background)",
    details: "One drain runs at a time; a second one leaves the work to the first. Safe to run by hand or from cron.",
    examples: [
      ["Bring the ledger up to date", "boba drain"],
      ["And say what the commit just made cost", "boba drain --summary"],
    ],
  });

  summary = Option.Boolean("--summary", false, { description: "print one line about the commit at HEAD to stderr" });

  async run(): Promise<number> {
    const { drain } = await import("../../flow/drain.ts");
    await drain(this.context.app);
    return EXIT.ok;
  }
}
