import { Command, Option } from "clipanion";
import { addSourcePath, removeSourcePath } from "../../flow/sources-edit.ts";
import { BobaCommand } from "../base.ts";

export default class SourcesPathsCommand extends BobaCommand {
  static override paths = [
    ["sources", "add"],
    ["sources", "remove"],
  ];
  static override usage = Command.Usage({
    category: "Sources",
    description: "Read one more folder of an agent's logs, or no longer",
    details: "Writes `sources.<source>.paths` to settings.yaml. The agent's own folders are read besides. What was collected stays.",
    examples: [
      ["Logs of another machine", "boba sources add claude-code ~/backup/claude"],
      ["No longer", "boba sources remove claude-code ~/backup/claude"],
    ],
  });

  id = Option.String({ name: "source" });
  folder = Option.String({ name: "folder" });

  async run(): Promise<number> {
    const { app } = this.context;
    const add = this.path.includes("add");
    const folder = await (add ? addSourcePath(app, this.id, this.folder) : removeSourcePath(app, this.id, this.folder));
    this.print(`${this.id} ${add ? "also reads" : "no longer reads"} ${folder}`);
    return 0;
  }
}
