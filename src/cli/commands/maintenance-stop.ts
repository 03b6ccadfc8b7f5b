import { Command } from "clipanion";
import { stopMaintenance } from "../../flow/schedule.ts";
import { BobaCommand } from "../base.ts";

export default class MaintenanceStopCommand extends BobaCommand {
  static override paths = [["maintenance", "stop"]];
  static override usage = Command.Usage({
    category: "Operations",
    description: "Take the hourly run away again",
    examples: [["Stop it", "boba maintenance stop"]],
  });

  async run(): Promise<number> {
    const stopped = await stopMaintenance(this.context.app);
    this.print(stopped.length === 0 ? "it was not registered" : `taken away from ${stopped.join(", ")}`);
    return 0;
  }
}
