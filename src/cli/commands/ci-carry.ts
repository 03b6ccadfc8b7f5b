import { Command, Option } from "clipanion";
import { BobaError, EXIT } from "../../core/errors.ts";
import { carry } from "../../flow/carry.ts";
import { carryJson, carryText } from "../../report/carry-text.ts";
import { plainLine } from "../../report/usd.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class CiCarryCommand extends BobaCommand {
  static override paths = [["ci", "carry"]];
  static override usage = Command.Usage({
    description: "Book a pull request to the commits that its merge made",
    details: `
      A squash merge, a rebase merge or a merge commit made by the server gets the cells of the commits it came from, in git notes. Content is the
      evidence: parents, patch ids, or the exact result of the merge; a commit that is none of these is refused, and nothing is booked. On GitHub
      (\`pull_request: closed\`, or a push) and GitLab the pull request is found by itself. Safe to run again.
    `,
    examples: [
      ["In a pipeline, after the merge", "boba ci carry --push"],
      ["By hand", "boba ci carry --merge main --pr-head feat --pr-base main~1 --no-fetch"],
    ],
  });

  merge = Option.String("--merge", { description: "The commit that the merge ended with" });
  prHead = Option.String("--pr-head", { description: "The pull request's last commit" });
  prBase = Option.String("--pr-base", { description: "The base branch before the merge; default the parent of --merge" });
  push = Option.Boolean("--push", false, { description: "Push the notes to the remote" });
  fetch = Option.Boolean("--fetch", true, { description: "Use what this clone already has; not with --push" });
  remote = Option.String("--remote", "origin", { description: "Where notes and missing commits come from, and notes go to" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const { merge, prHead: head, prBase: base, remote, fetch, push } = this;
    if (push && !fetch) {
      throw new BobaError(
        "BOBA-USE-70",
        EXIT.usage,
        "--push needs what other pipelines have pushed, and --no-fetch forbids to fetch it",
        "leave --no-fetch out: boba ci carry --push",
      );
    }
    const result = await carry(this.context.app, { merge, head, base, remote, fetch, push });
    for (const warning of result.warnings) this.tell(`boba: ${plainLine(warning, 500).replaceAll("##[", "## [")}`);
    this.print(format === "json" ? carryJson(result) : carryText(result));
    return EXIT.ok;
  }
}
