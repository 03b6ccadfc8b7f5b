import { Command, Option } from "clipanion";
import { TRENDS } from "../../core/summary.ts";
import { clockOf } from "../../flow/filter.ts";
import { type Stats, stats } from "../../flow/stats.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";
import { groupingTyped, rangeTyped } from "../stats-options.ts";

export default class StatsCommand extends BobaCommand {
  static override paths = [["stats"]];
  static override usage = Command.Usage({
    description: "Cost, requests and tokens of a range of time",
    details: `
      Without a range: everything that is recorded. Days are local; 7d and 30d go back from now.

      \`--compare\` sets it against the range of the same length before; of a day that is not over, up to the same time of day. \`--trend\` draws every
      day or week, empty ones too. \`--projection\` says what this month may cost by its end, from the last 28 days.
    `,
    examples: [
      ["Today", "boba stats --today"],
      ["The last week, by model", "boba stats --7d --by-model"],
      ["For a script", "boba stats --today --format json"],
      ["Today against yesterday up to this time", "boba stats --today --compare --by-model"],
      ["The last month, day by day, and how this one may end", "boba stats --30d --trend daily --projection"],
      ["How sure the prices are", "boba stats --by-estimate"],
    ],
  });

  today = Option.Boolean("--today", false, { description: "Since midnight" });
  yesterday = Option.Boolean("--yesterday", false, { description: "The day before" });
  sevenDays = Option.Boolean("--7d", false, { description: "The last 7 days" });
  thirtyDays = Option.Boolean("--30d", false, { description: "The last 30 days" });
  from = Option.String("--from", { description: "From this day or time on, e.g. 2026-11-23" });
  to = Option.String("--to", { description: "Up to this day (whole) or time" });
  project = Option.Boolean("--by-project", false, { description: "Grouped by project (one --by-... at a time)" });
  repo = Option.Boolean("--by-repo", false, { description: "By repository" });
  branch = Option.Boolean("--by-branch", false, { description: "By branch" });
  ticket = Option.Boolean("--by-ticket", false, { description: "By ticket in the branch's name" });
  commit = Option.Boolean("--by-commit", false, { description: "By commit" });
  author = Option.Boolean("--by-author", false, { description: "By the commit's author" });
  model = Option.Boolean("--by-model", false, { description: "By model" });
  tool = Option.Boolean("--by-tool", false, { description: "By agent" });
  day = Option.Boolean("--by-day", false, { description: "By local day" });
  week = Option.Boolean("--by-week", false, { description: "By ISO week" });
  month = Option.Boolean("--by-month", false, { description: "By month" });
  session = Option.Boolean("--by-session", false, { description: "By session" });
  state = Option.Boolean("--by-state", false, { description: "By what became of it: shipped, open, reverted, ..." });
  estimate = Option.Boolean("--by-estimate", false, { description: "By how sure the price is: exact, mapped, heuristic, unpriced" });
  compare = Option.Boolean("--compare", false, { description: "Against the range of the same length before" });
  trend = Option.String("--trend", { description: `${TRENDS.join(" or ")}: a bar for each, the empty ones too` });
  latency = Option.Boolean("--latency", false, { description: "How long responses took: p50, p90, p99" });
  projection = Option.Boolean("--projection", false, { description: "What this month may cost by its end" });
  format = Option.String("--format", "table", { description: "table or json" });
  import = Option.Boolean("--import", true, { description: "Show what is stored, without collecting what is new" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["table", "json"]);
    const { compare, latency, projection } = this;
    const trend = this.trend === undefined ? null : choice("trend", this.trend, TRENDS);
    const wanted = { ...rangeTyped(this), by: groupingTyped(this), import: this.import, compare, trend, latency, projection };
    const result = await stats(this.context.app, wanted);
    for (const warning of result.warnings) this.tell(warning);
    this.print(await (format === "json" ? this.#json(result) : this.#text(result)));
    return 0;
  }

  async #json(result: Stats): Promise<string> {
    const { statsJson } = await import("../../report/json.ts");
    const { extras, groups, totals } = result;
    if (extras === null && groups?.by !== "estimate") return statsJson(result);
    const { coverageFields, extrasFields } = await import("../../report/stats-extras-json.ts");
    const coverage = groups?.by === "estimate" ? coverageFields(groups) : {};
    return statsJson(result, { ...coverage, ...(extras === null ? {} : extrasFields(extras, totals)) });
  }

  async #text(result: Stats): Promise<string> {
    const [screen, clock] = [screenOf(this.context), clockOf(this.context.app)];
    const { statsText } = await import("../../report/stats-text.ts");
    const { extras, groups } = result;
    if (extras === null && groups?.by !== "estimate") return statsText(result, screen, clock);
    const { coverageLine, extrasText } = await import("../../report/stats-extras-text.ts");
    const coverage = groups?.by === "estimate" ? [coverageLine(groups), ""] : [];
    const lines = [...coverage, ...(extras === null ? [] : extrasText(extras, result, screen, clock))];
    return statsText(result, screen, clock, { lines, isGrouped: extras?.comparison?.rows != null });
  }
}
