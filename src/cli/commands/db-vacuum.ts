import { Command, Option } from "clipanion";
import { dbVacuum } from "../../flow/db.ts";
import { vacuumText } from "../../report/upkeep-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class DbVacuumCommand extends BobaCommand {
  static override paths = [["db", "vacuum"]];
  static override usage = Command.Usage({
    category: "Database",
    description: "Give the ledger's free pages back to the disk",
    details: "Worth it after a prune. Other commands wait for it, or it for them.",
    examples: [["Do it", "boba db vacuum"]],
  });

  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const sizes = dbVacuum(this.context.app);
    this.print(format === "json" ? JSON.stringify({ schema: "boba.db-vacuum/1", ...sizes }) : vacuumText(sizes));
    return 0;
  }
}
