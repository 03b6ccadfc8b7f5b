import { Command, Option } from "clipanion";
import { backupsIn } from "../../flow/backup-folder.ts";
import { folderOf } from "../../flow/backup-prune.ts";
import { clockOf } from "../../flow/filter.ts";
import { backupsJson, backupsTable } from "../../report/backup-text.ts";
import { localTime } from "../../report/local-time.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

export default class BackupListCommand extends BobaCommand {
  static override paths = [["backup", "list"]];
  static override usage = Command.Usage({
    category: "Backup",
    description: "Show the backups there are, and when each was last verified",
    examples: [
      ["Those in ~/.boba/backups", "boba backup list"],
      ["On another disk", "boba backup list /mnt/backup"],
    ],
  });

  folder = Option.String({ required: false });
  format = Option.String("--format", "table", { description: "table or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["table", "json"]);
    const { app } = this.context;
    const folder = folderOf(app, this.folder);
    const backups = backupsIn(folder);
    const when = (atMs: number) => localTime(atMs, clockOf(app));
    this.print(format === "json" ? backupsJson(backups) : backupsTable(backups, folder, screenOf(this.context), when));
    return 0;
  }
}
