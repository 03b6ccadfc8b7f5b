import { Command, Option } from "clipanion";
import { switchSource } from "../../flow/sources-edit.ts";
import { BobaCommand } from "../base.ts";

export default class SourcesSwitchCommand extends BobaCommand {
  static override paths = [
    ["sources", "enable"],
    ["sources", "disable"],
  ];
  static override usage = Command.Usage({
    category: "Sources",
    description: "Read an agent's logs, or leave them alone from now on",
    details: "Writes `sources.<source>.enabled` to settings.yaml. What was collected stays.",
    examples: [
      ["Leave Codex alone", "boba sources disable codex"],
      ["Read it again", "boba sources enable codex"],
    ],
  });

  id = Option.String({ name: "source" });

  async run(): Promise<number> {
    const enabled = this.path.includes("enable");
    await switchSource(this.context.app, this.id, enabled);
    this.print(`${this.id} is ${enabled ? "on" : "off"} (${this.context.app.paths.settings})`);
    return 0;
  }
}
