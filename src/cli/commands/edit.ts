import { createInterface } from "node:readline";
import { Command, Option } from "clipanion";
import { EDITABLE } from "../../core/edit.ts";
import type { BobaError } from "../../core/errors.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class EditCommand extends BobaCommand {
  static override paths = [["edit"]];
  static override usage = Command.Usage({
    description: "Open a configuration file in your editor, and check what you saved",
    details: `
      One of profiles, routes, pricing, secrets, settings, or project (\`.boba-project.yaml\` of the repository you are in). The editor is $VISUAL, else $EDITOR,
      else vi. A file that is missing begins with every key in it, commented out. What is wrong is shown with its line and column; your text is kept as you saved it.
    `,
    examples: [
      ["Set limits and what hooks do", "boba edit settings"],
      ["Name this repository's project", "boba edit project"],
    ],
  });

  file = Option.String();

  async run(): Promise<number> {
    const file = choice("file to edit called", this.file.replace(/\.yaml$/, ""), EDITABLE);
    const { edit } = await import("../../flow/edit.ts");
    const { path, made, changed, removed } = await edit(this.context.app, file, (fault) => this.again(fault));
    this.tell(removed ? `${path} is gone` : `${path}: ${made ? "made, " : ""}${changed ? "saved and in order" : "not changed"}`);
    return 0;
  }

  /** Asks only where somebody can answer. */
  private async again(fault: BobaError): Promise<boolean> {
    const { stdin, stderr } = this.context.streams();
    if (!("isTTY" in stdin && stdin.isTTY === true && stderr.isTTY === true)) return false;
    this.tell(fault.message);
    const lines = createInterface({ input: stdin, output: stderr });
    const answer = await new Promise<string>((resolve) => {
      lines.once("close", () => resolve("n"));
      lines.question("edit again? [Y/n] ", resolve);
    });
    lines.close();
    return !/^\s*n/i.test(answer);
  }
}
