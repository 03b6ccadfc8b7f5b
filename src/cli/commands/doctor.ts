import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { count } from "../../core/finding.ts";
import { checkUp } from "../../flow/doctor.ts";
import { doctorJson, doctorText } from "../../report/doctor-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class DoctorCommand extends BobaCommand {
  static override paths = [["doctor"]];
  static override usage = Command.Usage({
    description: "Look at everything boba stands on and say what to mend",
    details:
      "Makes what is missing below ~/.boba. Never asks the network. Exits with 1 when there is an error; warnings alone leave it at 0.",
    examples: [
      ["Is all well?", "boba doctor"],
      ["With every detail", "boba doctor --verbose"],
      ["Models without a price, and how old the prices are", "boba doctor --pricing"],
      ["For a monitoring system", "boba doctor --format json"],
    ],
  });

  verbose = Option.Boolean("--verbose,-v", false, { description: "also name files, counts and events" });
  pricing = Option.Boolean("--pricing", false, { description: "look at prices only" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const findings = await checkUp(this.context.app, this.pricing ? "pricing" : null);
    this.print(format === "json" ? doctorJson(findings) : doctorText(findings, this.verbose));
    return count(findings, "error") === 0 ? EXIT.ok : EXIT.failed;
  }
}
