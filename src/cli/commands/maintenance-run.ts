import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { TASK_IDS, TASKS } from "../../core/maintenance.ts";
import { runMaintenance } from "../../flow/maintenance.ts";
import { maintenanceJson, runLine } from "../../report/maintenance-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class MaintenanceRunCommand extends BobaCommand {
  static override paths = [["maintenance", "run"]];
  static override usage = Command.Usage({
    category: "Operations",
    description: "Do what has to be done regularly, now",
    details: `
      ${TASKS.map(({ id, title }) => `- \`${id}\`: ${title}`).join("\n\n      ")}

      A task that fails does not stop the others; the exit status is then 1. One run at a time: a second one says so and ends.
    `,
    examples: [
      ["All of it", "boba maintenance run"],
      ["What is due, as the timer does", "boba maintenance run --due"],
      ["One task", "boba maintenance run --task backup"],
    ],
  });

  task = Option.Array("--task", [], { description: `One of ${TASK_IDS.join(", ")}; may be given more than once` });
  due = Option.Boolean("--due", false, { description: "Only what is due" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const tasks = this.task.map((name) => choice("task", name, TASK_IDS));
    const ran = await runMaintenance(this.context.app, { tasks, due: this.due }, (id, run) => {
      if (format === "text") this.print(runLine(id, run));
    });
    if (ran === null) {
      this.tell("boba: another maintenance run is at work");
      return EXIT.ok;
    }
    if (format === "json") this.print(maintenanceJson(ran, null));
    else if (ran.length === 0) this.print("nothing is due");
    return ran.every(({ last }) => last?.ok !== false) ? EXIT.ok : EXIT.failed;
  }
}
