import { Command, Option } from "clipanion";
import { recover } from "../../flow/db-recover.ts";
import { recoveryJson, recoveryText } from "../../report/upkeep-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class DbRecoverCommand extends BobaCommand {
  static override paths = [["db", "recover"]];
  static override usage = Command.Usage({
    category: "Database",
    description: "Save what can be read of a damaged ledger into a new file",
    details: `
      The damaged file is not changed. Uses the sqlite3 program where there is one, else reads row by row around the damage, and says what was lost. Put the
      result in place with \`boba restore\`; agents' logs are then read again, so that what still stands there comes back.
    `,
    examples: [
      ["Recover the ledger", "boba db recover"],
      ["Then put it in place", "boba restore ~/.boba/usage.recovered.db"],
    ],
  });

  file = Option.String({ required: false });
  output = Option.String("--output,-o", { description: "Write to this new file; default usage.recovered.db beside it" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const recovery = await recover(this.context.app, { file: this.file, output: this.output });
    this.print(format === "json" ? recoveryJson(recovery) : recoveryText(recovery));
    return 0;
  }
}
