import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { count } from "../../core/finding.ts";
import { checkAndMend, checkUp } from "../../flow/doctor.ts";
import { doctorJson, doctorText } from "../../report/doctor-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

export default class DoctorCommand extends BobaCommand {
  static override paths = [["doctor"]];
  static override usage = Command.Usage({
    description: "Look at everything boba stands on and say what to mend",
    details: `
      Looks at configuration, permissions, disk, ledger, backups, agents' logs, prices, hooks and clock. Each finding says what is wrong, why it
      matters and what to type. Makes what is missing below ~/.boba.

      With --fix it also does what is safe: takes rights from other accounts, merges a large log into the ledger, puts back hooks that a hook manager
      removed, books what waits, clears the lock of a run that died. It deletes nothing of yours, and says of each finding whether it was mended
      or left, and why.

      Never asks the network unless --network is given. Exits with 1 when there is an error (with --fix: when one remains); warnings alone leave it
      at 0.
    `,
    examples: [
      ["Is all well?", "boba doctor"],
      ["With every detail", "boba doctor --verbose"],
      ["Mend what is safe to mend", "boba doctor --fix"],
      ["Do the price catalogue and the remotes that notes go to answer?", "boba doctor --network"],
      ["Models without a price, and how old the prices are", "boba doctor --pricing"],
      ["For a monitoring system", "boba doctor --format json"],
    ],
  });

  verbose = Option.Boolean("--verbose,-v", false, { description: "also name files, counts and events" });
  fix = Option.Boolean("--fix", false, { description: "mend what is safe to mend" });
  network = Option.Boolean("--network", false, { description: "also ask the price catalogue and the remotes that notes go to" });
  pricing = Option.Boolean("--pricing", false, { description: "look at prices only" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const { app } = this.context;
    const options = { only: this.pricing ? ("pricing" as const) : null, network: this.network, verbose: this.verbose };
    const { findings, fixes } = this.fix ? await checkAndMend(app, options) : { findings: await checkUp(app, options), fixes: null };
    this.print(format === "json" ? doctorJson(findings, fixes) : doctorText(findings, fixes, this.verbose, screenOf(this.context)));
    return count(findings, "error") === 0 ? EXIT.ok : EXIT.failed;
  }
}
