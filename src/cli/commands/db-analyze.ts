import { Command } from "clipanion";
import { dbAnalyze } from "../../flow/db.ts";
import { BobaCommand } from "../base.ts";

export default class DbAnalyzeCommand extends BobaCommand {
  static override paths = [["db", "analyze"]];
  static override usage = Command.Usage({
    category: "Database",
    description: "Let SQLite measure the ledger, so that queries choose well",
    examples: [["Do it", "boba db analyze"]],
  });

  async run(): Promise<number> {
    dbAnalyze(this.context.app);
    this.print("measured");
    return 0;
  }
}
