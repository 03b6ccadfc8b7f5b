import { Command, Option } from "clipanion";
import { DEFAULT_RETENTION } from "../../core/backup.ts";
import { pruneBackups } from "../../flow/backup-prune.ts";
import { backupsJson, prunedText } from "../../report/backup-text.ts";
import { BobaCommand } from "../base.ts";
import { choice, positive } from "../choice.ts";

export default class BackupPruneCommand extends BobaCommand {
  static override paths = [["backup", "prune"]];
  static override usage = Command.Usage({
    category: "Backup",
    description: "Remove old backups: the newest of each of the last days, weeks and months stay",
    details: "The newest of all, the newest that was verified, and files that `boba backup` did not make are never removed.",
    examples: [
      ["What would go", "boba backup prune --dry-run"],
      ["Keep a fortnight", "boba backup prune --daily 14"],
    ],
  });

  folder = Option.String({ required: false });
  daily = Option.String("--daily", { description: `Days that keep one; default ${DEFAULT_RETENTION.daily}` });
  weekly = Option.String("--weekly", { description: `Weeks that keep one; default ${DEFAULT_RETENTION.weekly}` });
  monthly = Option.String("--monthly", { description: `Months that keep one; default ${DEFAULT_RETENTION.monthly}` });
  dryRun = Option.Boolean("--dry-run", false, { description: "Only say what would go" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const retention = {
      daily: positive("--daily", this.daily) ?? DEFAULT_RETENTION.daily,
      weekly: positive("--weekly", this.weekly) ?? DEFAULT_RETENTION.weekly,
      monthly: positive("--monthly", this.monthly) ?? DEFAULT_RETENTION.monthly,
    };
    const removed = pruneBackups(this.context.app, { folder: this.folder, dryRun: this.dryRun, retention });
    this.print(format === "json" ? backupsJson(removed) : prunedText(removed, this.dryRun));
    return 0;
  }
}
