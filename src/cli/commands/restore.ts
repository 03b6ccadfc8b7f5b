import { Command, Option } from "clipanion";
import { restore } from "../../flow/restore.ts";
import { restoredJson, restoredText } from "../../report/backup-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class RestoreCommand extends BobaCommand {
  static override paths = [["restore"]];
  static override usage = Command.Usage({
    category: "Backup",
    description: "Put a backup in the ledger's place; what was there is kept",
    details: `
      Takes what \`boba backup\` made, or any plain or gzipped copy of a ledger. It is checked whole before anything changes; a damaged one, or one of a
      newer boba, is refused. Over a ledger that a newer boba wrote, \`--replace-newer\` is needed: the way back to an older boba. Hooks and other commands may go on meanwhile: they see the old ledger or the new one. A killed restore changes nothing.
    `,
    examples: [
      ["See what it would do", "boba restore ~/.boba/backups/usage-20261123T090000000Z.db.gz --dry-run"],
      ["Do it", "boba restore ~/.boba/backups/usage-20261123T090000000Z.db.gz"],
      [
        "Back to an older boba, with the copy made before the upgrade",
        "boba restore --replace-newer ~/.boba/backups/usage-schema-6-20261123T090000000Z.db",
      ],
    ],
  });

  file = Option.String();
  dryRun = Option.Boolean("--dry-run", false, { description: "Check it and say what would change" });
  identity = Option.String("--identity,-i", { description: "The file with the age key that opens it" });
  config = Option.Boolean("--config", false, { description: "Also put back the YAML files that are in it" });
  replaceNewer = Option.Boolean("--replace-newer", false, {
    description: "Also in place of a ledger that a newer boba wrote; that is kept aside",
  });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const { file, dryRun, identity, config, replaceNewer } = this;
    const restored = await restore(this.context.app, { file, dryRun, identity, config, replaceNewer });
    this.print(format === "json" ? restoredJson(restored) : restoredText(restored, config));
    return 0;
  }
}
