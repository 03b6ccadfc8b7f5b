import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { uninstallHooks } from "../../flow/hooks-uninstall.ts";
import { uninstallText } from "../../report/hooks-text.ts";
import { BobaCommand } from "../base.ts";

export default class HooksUninstallCommand extends BobaCommand {
  static override paths = [
    ["hooks", "uninstall"],
    ["hooks", "remove"],
  ];
  static override usage = Command.Usage({
    category: "Hooks",
    description: "Take boba out of git again",
    details: "Cuts boba's own lines and nothing else: every file is left as it was, byte by byte. Records and notes are kept.",
    examples: [
      ["Uninstall from this repository", "boba hooks uninstall"],
      ["Uninstall everywhere", "boba hooks uninstall --all"],
      ["Also drop this repository's notes and undelivered hints", "boba hooks uninstall --purge"],
    ],
  });

  global = Option.Boolean("--global", false, { description: "The global installation" });
  all = Option.Boolean("--all", false, { description: "Every repository, and the global installation" });
  purge = Option.Boolean("--purge", false, { description: "Also the notes refs and undelivered hints of these repositories" });

  async run(): Promise<number> {
    const report = await uninstallHooks(this.context.app, { global: this.global, all: this.all, purge: this.purge });
    this.print(uninstallText(report));
    for (const path of report.failed) this.tell(`boba: ${path} cannot be written: boba's lines are still in it [BOBA-HOOK-6]`);
    return report.failed.length === 0 ? EXIT.ok : EXIT.permission;
  }
}
