import { Command, Option } from "clipanion";
import { homeOf } from "../../flow/source-context.ts";
import { sourceStatuses } from "../../flow/sources.ts";
import { sourcesJson, sourcesTable, sourceText } from "../../report/sources-text.ts";
import type { SourceStatus } from "../../core/source-status.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

export default class SourcesCommand extends BobaCommand {
  static override paths = [["sources"]];
  static override usage = Command.Usage({
    category: "Sources",
    description: "Which agents' logs were found, where, and what came of them",
    details: "With a source, also what was skipped in its files and why.",
    examples: [
      ["Every agent on this machine", "boba sources"],
      ["One, with what could not be read", "boba sources claude-code"],
      ["Stop reading one", "boba sources disable codex"],
      ["Read another folder too", "boba sources add claude-code ~/backup/claude"],
    ],
  });

  id = Option.String({ required: false, name: "source" });
  format = Option.String("--format", "table", { description: "table or json" });
  import = Option.Boolean("--import", true, { description: "Show what is stored, without collecting what is new" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["table", "json"]);
    const { app } = this.context;
    const { sources, warnings } = await sourceStatuses(app, this.id ?? null, { import: this.import });
    for (const warning of warnings) this.tell(warning);
    if (format === "json") this.print(sourcesJson(sources));
    else if (this.id !== undefined) this.print(sourceText(sources[0] as SourceStatus, homeOf(app), app.now()));
    else this.print(sourcesTable(sources, screenOf(this.context), homeOf(app), app.now()));
    return 0;
  }
}
