import { Command, Option } from "clipanion";
import { GROUPINGS } from "../../core/summary.ts";
import { clockOf } from "../../flow/filter.ts";
import { report } from "../../flow/report.ts";
import { BobaCommand } from "../base.ts";
import { choice, positive } from "../choice.ts";
import { screenOf } from "../screen.ts";

const FORMATS = ["table", "json", "csv", "markdown"] as const;

export default class ReportCommand extends BobaCommand {
  static override paths = [["report"]];
  static override usage = Command.Usage({
    description: "What it cost, by branch, commit, project, ticket, day, ...",
    details: `
      Every record is counted once. What is not committed yet, what is on no branch any more and what was spent outside any repository are shown as such.
      A total with \`>=\` holds requests whose price is not known.

      \`--by state\` tells what shipped (the default branch reaches it), is open (another branch does), was reverted, abandoned, or never committed.
      \`--shared\` adds what colleagues' notes (\`boba notes fetch\`) say of this repository, or of the one that \`--repo\` names. What they book to a
      commit that this clone does not have is \`elsewhere\`: notes travel apart from commits, and \`git fetch\` brings those.

      \`--since\` and \`--until\` take a day (\`2026-11-23\`, the whole of it, in local time), a time (\`2026-11-23T14:00:00Z\`), \`today\`, \`yesterday\`, or a span back from now (\`24h\`, \`7d\`, \`2w\`).
    `,
    examples: [
      ["Cost of every branch", "boba report --by branch"],
      ["The ten dearest tickets of the last two weeks", "boba report --by ticket --since 2w --top 10"],
      ["What did work that never shipped cost", "boba report --by state --since 2026-11-01"],
      ["What everybody spent on this repository", "boba report --shared --by author"],
      ["Commits of one branch, for a spreadsheet", "boba report --by commit --branch main --format csv"],
    ],
  });

  by = Option.String("--by", "branch", { description: `One of ${GROUPINGS.join(", ")}; default branch` });
  since = Option.String("--since", { description: "From this time on" });
  until = Option.String("--until", { description: "Up to this time; a day counts whole" });
  repo = Option.String("--repo", { description: "Only this repository: its name, the end of it, or its folder" });
  branch = Option.String("--branch", { description: "Only this branch" });
  project = Option.String("--project", { description: "Only this project" });
  top = Option.String("--top", { description: "Only so many rows; the others are added up into one" });
  why = Option.Boolean("--why", false, { description: "With --by commit: how and on what evidence each commit got its requests" });
  shared = Option.Boolean("--shared", false, { description: "Add what colleagues' notes say of the repository" });
  format = Option.String("--format", "table", { description: `One of ${FORMATS.join(", ")}; default table` });
  import = Option.Boolean("--import", true, { description: "Show what is stored, without collecting what is new" });

  async run(): Promise<number> {
    const { app } = this.context;
    const { since, until, repo, branch, project, why, shared } = this;
    const by = choice("grouping", this.by, GROUPINGS);
    const format = choice("format", this.format, FORMATS);
    const top = positive("--top", this.top);
    const result = await report(app, { by, since, until, repo, branch, project, top, import: this.import, why, shared });
    for (const warning of result.warnings) this.tell(warning);
    if (format === "json") this.print((await import("../../report/json.ts")).reportJson(result));
    else if (format === "csv") this.context.stdout.write((await import("../../report/csv.ts")).reportCsv(result.summary));
    else if (format === "markdown") this.print((await import("../../report/markdown.ts")).reportMarkdown(result, clockOf(app)));
    else this.print((await import("../../report/table.ts")).reportTable(result, screenOf(this.context), clockOf(app)));
    return 0;
  }
}
