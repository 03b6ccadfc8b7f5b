import { Command, Option } from "clipanion";
import { BobaError, EXIT } from "../../core/errors.ts";
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

  summary = Option.Boolean("--summary", false, { description: "Print one line about the commit at HEAD; whatever happens, exit with 0" });

  async run(): Promise<number> {
    const { app } = this.context;
    const { drain } = await import("../../flow/drain.ts");
    if (!this.summary) {
      try {
        await drain(app);
      } catch (error) {
        // Hooks start this in the background, where nobody reads what is printed. A bug is logged where it is printed.
        const { knownError } = await import("../../flow/known-error.ts");
        const known = knownError(app, error);
        if (known instanceof BobaError) app.log.write("error", "drain failed", { code: known.code });
        throw known;
      }
      return EXIT.ok;
    }
    try {
      await drain(app);
      const cost = await (await import("../../flow/commit-cost.ts")).costOfHead(app);
      if (cost !== null) this.print((await import("../../report/commit-line.ts")).commitLine(cost));
      for (const line of await (await import("../../flow/budget-alerts.ts")).untoldAlerts(app)) this.print(line);
    } catch (error) {
      // A hook runs this in the middle of a commit: what went wrong is for the log, and for the next command.
      app.log.write("error", "summary failed", { message: error instanceof Error ? error.message : "unknown" });
    }
    return EXIT.ok;
  }
}
