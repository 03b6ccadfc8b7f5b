import { Command, Option } from "clipanion";
import { BobaError, EXIT } from "../../core/errors.ts";
import { type Grouping, GROUPINGS } from "../../core/summary.ts";
import { clockOf } from "../../flow/filter.ts";
import { stats } from "../../flow/stats.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

/** The ranges that have a name of their own. */
const RANGES = {
  today: { since: "today", until: "today" },
  yesterday: { since: "yesterday", until: "yesterday" },
  sevenDays: { since: "7d" },
  thirtyDays: { since: "30d" },
} as const;

export default class StatsCommand extends BobaCommand {
  static override paths = [["stats"]];
  static override usage = Command.Usage({
    description: "Cost, requests and tokens of a range of time",
    details: "Without a range: everything that is recorded. Days are local; 7d and 30d go back from now.",
    examples: [
      ["Today", "boba stats --today"],
      ["The last week, by model", "boba stats --7d --by-model"],
      ["For a script", "boba stats --today --format json"],
    ],
  });

  today = Option.Boolean("--today", false, { description: "Since midnight" });
  yesterday = Option.Boolean("--yesterday", false, { description: "The day before" });
  sevenDays = Option.Boolean("--7d", false, { description: "The last 7 days" });
  thirtyDays = Option.Boolean("--30d", false, { description: "The last 30 days" });
  from = Option.String("--from", { description: "From this day or time on, e.g. 2026-11-23" });
  to = Option.String("--to", { description: "Up to this day (whole) or time" });
  project = Option.Boolean("--by-project", false);
  repo = Option.Boolean("--by-repo", false);
  branch = Option.Boolean("--by-branch", false);
  ticket = Option.Boolean("--by-ticket", false);
  commit = Option.Boolean("--by-commit", false);
  author = Option.Boolean("--by-author", false);
  model = Option.Boolean("--by-model", false);
  tool = Option.Boolean("--by-tool", false);
  day = Option.Boolean("--by-day", false);
  week = Option.Boolean("--by-week", false);
  month = Option.Boolean("--by-month", false);
  session = Option.Boolean("--by-session", false);
  state = Option.Boolean("--by-state", false);
  format = Option.String("--format", "table", { description: "table or json" });
  import = Option.Boolean("--import", true, { description: "Collect what is new first; --no-import shows what is stored" });

  async run(): Promise<number> {
    const { app } = this.context;
    const format = choice("format", this.format, ["table", "json"]);
    const result = await stats(app, { ...this.range(), by: this.grouping(), import: this.import });
    for (const warning of result.warnings) this.tell(warning);
    if (format === "json") this.print((await import("../../report/json.ts")).statsJson(result));
    else this.print((await import("../../report/stats-text.ts")).statsText(result, screenOf(this.context), clockOf(app)));
    return 0;
  }
  private range(): { since?: string | undefined; until?: string | undefined } {
    const named = (["today", "yesterday", "sevenDays", "thirtyDays"] as const).filter((name) => this[name]);
    const [first] = named;
    const typed = this.from !== undefined || this.to !== undefined;
    if (named.length + (typed ? 1 : 0) > 1) {
      throw new BobaError(
        "BOBA-USE-24",
        EXIT.usage,
        "more than one range of time",
        "use one of --today, --yesterday, --7d, --30d, or --from and --to",
      );
    }
    return first === undefined ? { since: this.from, until: this.to } : RANGES[first];
  }

  private grouping(): Grouping | null {
    const [first = null, ...others] = GROUPINGS.filter((grouping) => this[grouping]);
    if (others.length > 0)
      throw new BobaError("BOBA-USE-25", EXIT.usage, "more than one grouping", "use one --by-... option, or run boba stats once for each");
    return first;
  }
}
