import { Command, Option } from "clipanion";
import { clockOf } from "../../flow/filter.ts";
import { maintenanceStatus } from "../../flow/maintenance.ts";
import { scheduledBy } from "../../flow/schedule.ts";
import { localTime } from "../../report/local-time.ts";
import { maintenanceJson, statusTable } from "../../report/maintenance-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

export default class MaintenanceStatusCommand extends BobaCommand {
  static override paths = [["maintenance", "status"]];
  static override usage = Command.Usage({
    category: "Operations",
    description: "When each task ran last, how long it took and what came of it",
    examples: [
      ["Look", "boba maintenance status"],
      ["For a script", "boba maintenance status --format json"],
    ],
  });

  format = Option.String("--format", "table", { description: "table or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["table", "json"]);
    const { app } = this.context;
    const [tasks, by] = [await maintenanceStatus(app), await scheduledBy(app)];
    const when = (atMs: number) => localTime(atMs, clockOf(app));
    this.print(format === "json" ? maintenanceJson(tasks, by) : statusTable(tasks, by, screenOf(this.context), app.now(), when));
    return 0;
  }
}
