import { Command, Option } from "clipanion";
import { prune } from "../../flow/db-prune.ts";
import { prunedJson, prunedRecordsText } from "../../report/upkeep-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class DbPruneCommand extends BobaCommand {
  static override paths = [["db", "prune"]];
  static override usage = Command.Usage({
    category: "Database",
    description: "Archive old records and take them out of the ledger; their daily sums stay",
    details: `
      First writes the records as gzipped CSV and reads that back, then deletes them a slice at a time. Reports over any range still add up: sums by day,
      repository, branch, commit, tool and model stay. Sessions and single requests are then in the archive alone.
    `,
    examples: [
      ["What would go", "boba db prune --older-than 90d --dry-run"],
      ["Do it, then give the space back", "boba db prune --older-than 90d && boba db vacuum"],
      ["Archive elsewhere", "boba db prune --older-than 52w --archive /mnt/archive"],
    ],
  });

  olderThan = Option.String("--older-than", { required: true, description: "Days or weeks: 90d, 52w" });
  archive = Option.String("--archive", { description: "Folder for the archive; default ~/.boba/archives" });
  noArchive = Option.Boolean("--no-archive", false, { description: "Make no archive" });
  dryRun = Option.Boolean("--dry-run", false, { description: "Only say what would go" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const { app } = this.context;
    const archive = this.noArchive ? null : (this.archive ?? app.paths.archives);
    const pruned = await prune(app, { olderThan: this.olderThan, archive, dryRun: this.dryRun });
    this.print(format === "json" ? prunedJson(pruned) : prunedRecordsText(pruned));
    return 0;
  }
}
