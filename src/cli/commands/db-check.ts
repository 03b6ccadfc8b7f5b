import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { isSound } from "../../core/upkeep.ts";
import { dbCheck } from "../../flow/db.ts";
import { checkJson, checkText } from "../../report/upkeep-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class DbCheckCommand extends BobaCommand {
  static override paths = [["db", "check"]];
  static override usage = Command.Usage({
    category: "Database",
    description: "Is the ledger's file sound, and do the books balance?",
    details: "Exit status 3 when not. `--full` also compares every index with its table, which takes about ten times as long.",
    examples: [
      ["The quick check", "boba db check"],
      ["Everything, once a week", "boba db check --full"],
    ],
  });

  full = Option.Boolean("--full", false, { description: "Compare every index with its table too" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const check = dbCheck(this.context.app, this.full);
    this.print(format === "json" ? checkJson(check) : checkText(check));
    return isSound(check) ? EXIT.ok : EXIT.database;
  }
}
