import { Command, Option } from "clipanion";
import { setUp } from "../../flow/init.ts";
import { initJson, initText } from "../../report/init-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class InitCommand extends BobaCommand {
  static override paths = [["init"]];
  static override usage = Command.Usage({
    description: "Make ~/.boba and its configuration files",
    details: "Metering works without it: every setting has a default. Nothing that is there is changed. BOBA_HOME names another folder.",
    examples: [["Make what is missing", "boba init"]],
  });

  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const report = setUp(this.context.app);
    this.print(format === "json" ? initJson(report) : initText(report));
    return 0;
  }
}
