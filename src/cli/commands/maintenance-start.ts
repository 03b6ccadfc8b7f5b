import { Command, Option } from "clipanion";
import { SCHEDULERS, startMaintenance } from "../../flow/schedule.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class MaintenanceStartCommand extends BobaCommand {
  static override paths = [["maintenance", "start"]];
  static override usage = Command.Usage({
    category: "Operations",
    description: "Have the system run what is due, every hour",
    details: "Registers with the user's systemd, cron or launchd, whichever is there first. `boba maintenance stop` takes it away.",
    examples: [
      ["With what this system has", "boba maintenance start"],
      ["With cron", "boba maintenance start --scheduler cron"],
    ],
  });

  scheduler = Option.String("--scheduler", { description: `One of ${SCHEDULERS.join(", ")}` });

  async run(): Promise<number> {
    const wanted = this.scheduler === undefined ? null : choice("scheduler", this.scheduler, SCHEDULERS);
    const name = await startMaintenance(this.context.app, wanted);
    this.print(`registered with ${name}: what is due runs every hour (see it: boba maintenance status)`);
    return 0;
  }
}
