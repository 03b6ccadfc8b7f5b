import { Command, Option } from "clipanion";
import { backUp } from "../../flow/backup.ts";
import { backupJson, backupText } from "../../report/backup-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class BackupCommand extends BobaCommand {
  static override paths = [["backup"]];
  static override usage = Command.Usage({
    category: "Backup",
    description: "Make a checked copy of the ledger, while everything goes on",
    details: `
      The copy is of one moment, checked by SQLite, packed, and written whole or not at all, to \`~/.boba/backups\` unless \`--output\` names a file or a
      folder. A manifest beside it holds row counts, the sum of costs and SHA-256.

      \`--include-config\` adds your YAML files; \`secrets.yaml\` only when the backup is encrypted. \`--encrypt-to\` takes an age public key and may be
      given more than once; keep the key that opens it somewhere else.
    `,
    examples: [
      ["A backup in ~/.boba/backups", "boba backup"],
      ["To another disk, every index checked", "boba backup --output /mnt/backup --full"],
      [
        "With configuration and secrets, encrypted",
        "boba backup --include-config --encrypt-to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
      ],
    ],
  });

  output = Option.String("--output,-o", { description: "A file, or a folder that is there; default ~/.boba/backups" });
  encryptTo = Option.Array("--encrypt-to", [], { description: "An age public key (age1...) that can open it" });
  includeConfig = Option.Boolean("--include-config", false, { description: "Add the YAML files" });
  full = Option.Boolean("--full", false, { description: "Check every index too; takes ten times as long" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const { output, encryptTo: recipients, includeConfig, full } = this;
    const made = await backUp(this.context.app, { output, recipients, includeConfig, full });
    this.print(format === "json" ? backupJson(made) : backupText(made));
    return 0;
  }
}
