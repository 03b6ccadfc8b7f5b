import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { printable } from "../../core/text.ts";
import { applyAction, previewAction, undoAction } from "../../flow/action-apply.ts";
import { confirm } from "../ask.ts";
import { BobaCommand } from "../base.ts";

export default class ActionApplyCommand extends BobaCommand {
  static override paths = [
    ["action", "apply"],
    ["action", "preview"],
  ];
  static override usage = Command.Usage({
    category: "Suggestions",
    description: "Make the change that a suggestion is about, or see it first",
    details: `
      Shows what changes in your YAML file, asks, and writes it; \`preview\` only shows. Comments stay. \`--undo\` puts the file back as it was, to the byte,
      if it was not changed since.
    `,
    examples: [
      ["See what would change", "boba action preview 3fa9c1e2"],
      ["Change it without being asked", "boba action apply 3fa9c1e2 --yes"],
      ["Take it back", "boba action apply --undo 3fa9c1e2"],
    ],
  });

  id = Option.String({ name: "id" });
  yes = Option.Boolean("--yes,-y", false, { description: "Do not ask" });
  undo = Option.Boolean("--undo", false, { description: "Put the file back as it was before" });

  async run(): Promise<number> {
    const { app } = this.context;
    if (this.undo) {
      this.print(`${undoAction(app, this.id)} is as it was`);
      return EXIT.ok;
    }
    const preview = await previewAction(app, this.id);
    const { file } = preview.planned;
    this.print([`--- ${file}`, `+++ ${file}`, ...preview.diff].map(printable).join("\n"));
    if (this.path.includes("preview")) return EXIT.ok;
    if (!this.yes && !(await confirm(this.context.streams(), "Write this?"))) return EXIT.cancelled;
    applyAction(app, preview);
    this.tell(`written; take it back with: boba action apply --undo ${preview.action.id}`);
    return EXIT.ok;
  }
}
