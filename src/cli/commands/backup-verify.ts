import { Command, Option } from "clipanion";
import { verifyBackup } from "../../flow/backup-verify.ts";
import { safeJson } from "../../core/text.ts";
import { verifiedText } from "../../report/backup-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class BackupVerifyCommand extends BobaCommand {
  static override paths = [["backup", "verify"]];
  static override usage = Command.Usage({
    category: "Backup",
    description: "Unpack a backup aside and hold it against its manifest",
    details: `
      Exit status 3 when it is not what it should be. \`--drill\` goes all the way: the copy is brought up to this version, its books are proved to
      balance, and a report made from it must add up to the manifest's cost.
    `,
    examples: [
      ["The newest one", "boba backup verify"],
      ["The fire drill, once a month", "boba backup verify --drill"],
      ["An encrypted one", "boba backup verify usage.db.gz.age --identity key.txt"],
    ],
  });

  file = Option.String({ required: false });
  drill = Option.Boolean("--drill", false, { description: "Also use it as if it had been restored" });
  full = Option.Boolean("--full", false, { description: "Check every index too (a drill always does)" });
  identity = Option.String("--identity,-i", { description: "The file with the age key that opens it" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const { file, drill, full, identity } = this;
    const verified = await verifyBackup(this.context.app, { file, drill, full, identity });
    this.print(format === "json" ? safeJson({ schema: "boba.backup-verify/1", ...verified }) : verifiedText(verified));
    return 0;
  }
}
