import { Command, Option } from "clipanion";
import type { ExportedRecord } from "../../core/export.ts";
import { inBlocks } from "../../core/text.ts";
import { focusOf, openExport, saveExport } from "../../flow/export.ts";
import { usageCsv, usageJsonLines } from "../../report/usage-lines.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

const FORMATS = ["jsonl", "csv", "focus-1.2"] as const;

export default class ExportCommand extends BobaCommand {
  static override paths = [["export"]];
  static override usage = Command.Usage({
    description: "Write every record for another program",
    details: `
      \`jsonl\` is what \`boba import --file\` reads, one record a line (docs/usage-format.md); \`csv\` holds the same fields;
      \`focus-1.2\` is the FinOps specification's CSV, with the list price in ListCost.
      \`--otlp\` sends what is new since the last time to an OpenTelemetry collector instead, as sums (docs/operations.md).
      Costs are API list prices. No prompt, answer or file name is in it.
    `,
    examples: [
      ["Everything, one JSON object a line", "boba export --output usage.jsonl"],
      ["This month, for a spreadsheet", "boba export --format csv --since 2026-11-01 --output november.csv"],
      ["For a FinOps tool", "boba export --format focus-1.2 --since 2026-11-01 -o focus.csv"],
      ["See what a collector would get", "boba export --otlp http://127.0.0.1:4318 --dry-run"],
      ["Count what a branch took", "boba export --branch main --format jsonl | wc -l"],
    ],
  });

  format = Option.String("--format", { description: `One of ${FORMATS.join(", ")}; default jsonl` });
  otlp = Option.String("--otlp", {
    description: "Send sums to the OTLP/HTTP receiver at this address; headers from OTEL_EXPORTER_OTLP_HEADERS",
  });
  dryRun = Option.Boolean("--dry-run", false, { description: "With --otlp: print what would be sent" });
  since = Option.String("--since", { description: "From this time on" });
  until = Option.String("--until", { description: "Up to this time; a day counts whole" });
  repo = Option.String("--repo", { description: "Only this repository: its name, the end of it, or its folder" });
  branch = Option.String("--branch", { description: "Only this branch" });
  project = Option.String("--project", { description: "Only this project" });
  output = Option.String("--output,-o", { description: "Write to this file, whole or not at all, instead of standard output" });
  import = Option.Boolean("--import", true, { description: "Export what is stored, without collecting what is new" });

  async run(): Promise<number> {
    if (this.otlp !== undefined || this.dryRun) return (await import("../export-otlp.ts")).runOtlp(this, this.context.app);
    const format = choice("format", this.format ?? "jsonl", FORMATS);
    const { app } = this.context;
    const opened = await openExport(app, this);
    try {
      for (const warning of opened.warnings) this.tell(warning);
      const chunks = inBlocks(await this.#render(format, opened.records));
      if (this.output !== undefined) saveExport(app, this.output, chunks);
      else for (const chunk of chunks) this.printOn(chunk);
    } finally {
      opened.close();
    }
    return 0;
  }

  async #render(format: (typeof FORMATS)[number], records: Iterable<ExportedRecord>): Promise<Iterable<string>> {
    if (format === "jsonl") return usageJsonLines(records);
    if (format === "csv") return usageCsv(records);
    const { focusCsv } = await import("../../report/focus-csv.ts");
    return focusCsv(await focusOf(this.context.app, records), (charges) =>
      this.tell(`boba: ${charges} charges have no known price: their ListCost is empty (boba pricing list names the models)`),
    );
  }
}
