import { Command, Option } from "clipanion";
import { hooksStatus } from "../../flow/hooks-status.ts";
import { statusText } from "../../report/hooks-text.ts";
import { BobaCommand } from "../base.ts";
import { safeJson } from "../../core/text.ts";
import { choice } from "../choice.ts";

export default class HooksStatusCommand extends BobaCommand {
  static override paths = [["hooks", "status"]];
  static override usage = Command.Usage({
    category: "Hooks",
    description: "Show how git tells boba, event by event",
    examples: [
      ["Show this repository", "boba hooks status"],
      ["The same for a program", "boba hooks status --format json"],
    ],
  });

  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const status = await hooksStatus(this.context.app);
    this.print(format === "json" ? safeJson({ schema: "boba.hooks-status/1", ...status }, 0) : statusText(status));
    return 0;
  }
}
