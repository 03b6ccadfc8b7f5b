import { Command, Option } from "clipanion";
import { backupsIn, setAsideIn } from "../../flow/backup-folder.ts";
import { folderOf } from "../../flow/backup-prune.ts";
import { clockOf } from "../../flow/filter.ts";
import { backupsJson, backupsTable, setAsideText } from "../../report/backup-text.ts";
import { localTime } from "../../report/local-time.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

export default class BackupListCommand extends BobaCommand {
  static override paths = [["backup", "list"]];
  static override usage = Command.Usage({
    category: "Backup",
    description: "Show the backups there are, and when each was last verified",
    details: "Below them stand ledgers that restores replaced, and copies made before upgrades; nothing but you removes the former.",
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
    const aside = setAsideIn(folder);
    const when = (atMs: number) => localTime(atMs, clockOf(app));
    const table = () => [backupsTable(backups, folder, screenOf(this.context), when), ...setAsideText(aside, app.now())].join("\n");
    this.print(format === "json" ? backupsJson(backups, aside) : table());
    return 0;
  }
}
