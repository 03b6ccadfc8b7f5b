import { Command, Option, UsageError } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { importUsage } from "../../flow/import.ts";
import type { ImportSummary } from "../../core/import-summary.ts";
import { importJson, importText } from "../../report/import.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class ImportCommand extends BobaCommand {
  static override paths = [["import"]];
  static override usage = Command.Usage({
    description: "Read what your agents logged since the last time",
    details: `
      Reads the logs of every enabled source from where the last run stopped, prices each response and stores it once. Running it twice changes nothing. Reading commands do this first by themselves.

      With \`--file\`, reads usage that any other tool wrote, one JSON object a line (docs/usage-format.md says which fields). Lines that cannot be read are named and the others stored; the exit status is then 1.
    `,
    examples: [
      ["Collect everything", "boba import"],
      ["Collect one source", "boba import --source claude-code"],
      ["Usage of a tool of your own", "boba import --file usage.jsonl"],
      ["From another program", "my-agent --usage | boba import --file -"],
      ["For a script", "boba import --format json"],
    ],
  });

  source = Option.Array("--source", [], { description: "Only this source; may be given more than once" });
  file = Option.String("--file", { description: "Read this file of usage lines instead; - is standard input" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const summary = await this.#summary();
    this.print(format === "json" ? importJson(summary) : importText(summary));
    return summary.errors.length > 0 || (this.file !== undefined && summary.skippedLines > 0) ? EXIT.failed : EXIT.ok;
  }

  async #summary(): Promise<ImportSummary> {
    const { app, streams } = this.context;
    if (this.file === undefined) return importUsage(app, this.source);
    if (this.source.length > 0) throw new UsageError("--file and --source exclude each other: a file names its tools itself");
    const { importFile } = await import("../../flow/import-file.ts");
    return importFile(app, this.file, () => streams().stdin);
  }
}
