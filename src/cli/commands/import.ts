import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { importUsage } from "../../flow/import.ts";
import { importJson, importText } from "../../report/import.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class ImportCommand extends BobaCommand {
  static override paths = [["import"]];
  static override usage = Command.Usage({
    description: "Read what your agents logged since the last time",
    details:
      "Reads the logs of every enabled source from where the last run stopped, prices each response and stores it once. Running it twice changes nothing. Reading commands do this first by themselves.",
    examples: [
      ["Collect everything", "boba import"],
      ["Collect one source", "boba import --source claude-code"],
      ["For a script", "boba import --format json"],
    ],
  });

  source = Option.Array("--source", [], { description: "Only this source; may be given more than once" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const summary = await importUsage(this.context.app, this.source);
    this.print(format === "json" ? importJson(summary) : importText(summary));
    return summary.errors.length > 0 ? EXIT.failed : EXIT.ok;
  }
}
