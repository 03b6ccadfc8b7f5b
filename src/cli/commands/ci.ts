import { randomUUID } from "node:crypto";
import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { parseUsd } from "../../core/max-usd.ts";
import { appendSummary, summariseCi } from "../../flow/ci.ts";
import { ciJson } from "../../report/ci-json.ts";
import { ciMarkdown } from "../../report/ci-markdown.ts";
import { exactUsd, plainLine } from "../../report/usd.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class CiCommand extends BobaCommand {
  static override paths = [["ci"], ["ci", "summary"]];
  static override usage = Command.Usage({
    description: "Print what a pull request cost, from git notes alone",
    details: `
      Needs no database and no history: fetches refs/notes/boba/* and, in a shallow clone, the commits that are missing. On GitHub and GitLab the
      range is found by itself. The Markdown is also appended to $GITHUB_STEP_SUMMARY. With --max-usd the exit status is 1 when the total is above.
    `,
    examples: [
      ["In a pull request's pipeline", "boba ci"],
      ["Any range, as JSON", "boba ci --base HEAD~1 --head HEAD --format json --no-fetch"],
      ["Fail above 20 dollars", "boba ci --base HEAD~1 --max-usd 20 --no-fetch"],
    ],
  });

  base = Option.String("--base", { description: "Commit or branch that the range starts after" });
  head = Option.String("--head", { description: "Last commit of the range; default the pull request's, else HEAD" });
  format = Option.String("--format", "markdown", { description: "markdown or json" });
  maxUsd = Option.String("--max-usd", { description: "Exit with 1 when the total is above this many dollars" });
  fetch = Option.Boolean("--fetch", true, { description: "Use what this clone already has" });
  remote = Option.String("--remote", "origin", { description: "Where to fetch notes and missing commits from" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["markdown", "json"]);
    const limit = this.maxUsd === undefined ? null : parseUsd(this.maxUsd);
    const result = await summariseCi(this.context.app, { base: this.base, head: this.head, remote: this.remote, fetch: this.fetch });
    const markdown = ciMarkdown(result.cost, result.skipped);
    const { summaryPath, readsCommands } = result.ci;
    const failed = summaryPath === null ? null : appendSummary(summaryPath, markdown);
    for (const warning of [...result.warnings, ...(failed === null ? [] : [failed])]) this.warn(warning);
    if (format === "json") this.print(ciJson(result));
    else if (readsCommands) this.printInert(markdown);
    else this.print(markdown);
    const { nanoUsd, unpriced } = result.cost.total;
    if (limit === null || nanoUsd === null || nanoUsd <= limit) return EXIT.ok;
    this.tell(`boba: the AI cost is ${unpriced > 0 ? ">= " : ""}${exactUsd(nanoUsd)}, above the limit of ${exactUsd(limit)}`);
    return EXIT.failed;
  }

  /** GitHub carries out lines such as `::add-path::`, whoever wrote them: it is told not to read any until we say so. */
  private printInert(text: string): void {
    const token = randomUUID();
    this.print(`::stop-commands::${token}\n${text.trimEnd()}\n::${token}::`);
  }

  private warn(text: string): void {
    this.tell(`boba: ${plainLine(text, 500).replaceAll("##[", "## [")}`);
  }
}
