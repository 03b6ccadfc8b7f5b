import { Command } from "clipanion";
import { VERSION } from "../../core/version.ts";
import { BobaCommand } from "../base.ts";

export default class VersionCommand extends BobaCommand {
  static override paths = [["version"]];
  static override usage = Command.Usage({
    description: "Print the version",
    examples: [["Print the version of boba", "boba version"]],
  });

  async run(): Promise<number> {
    this.print(`boba ${VERSION}`);
    return 0;
  }
}
