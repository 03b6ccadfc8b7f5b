import { Command, Option } from "clipanion";
import { dbInfo } from "../../flow/db.ts";
import { clockOf } from "../../flow/filter.ts";
import { localTime } from "../../report/local-time.ts";
import { infoJson, infoText } from "../../report/upkeep-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

export default class DbInfoCommand extends BobaCommand {
  static override paths = [["db", "info"]];
  static override usage = Command.Usage({
    category: "Database",
    description: "Where the ledger is, how large, and what is in it",
    examples: [
      ["Sizes and rows", "boba db info"],
      ["For a script", "boba db info --format json"],
    ],
  });

  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const { app } = this.context;
    const info = dbInfo(app);
    const when = (atMs: number) => localTime(atMs, clockOf(app));
    this.print(format === "json" ? infoJson(info) : infoText(info, screenOf(this.context), when));
    return 0;
  }
}
