import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { backfill } from "../../flow/backfill.ts";
import { backfillJson, backfillText } from "../../report/backfill.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class BackfillCommand extends BobaCommand {
  static override paths = [["backfill"]];
  static override usage = Command.Usage({
    description: "Book the history that logs and reflogs already hold",
    details: `
      Reads every agent's logs and the reflogs of every worktree of the repositories in them, from the start, and books what can be booked. Needs no hooks.
      Running it again changes nothing. Git keeps reflog entries for 90 days unless told otherwise: what is older than them stays pending.

      \`--since\` limits what is told, not what is booked.
    `,
    examples: [
      ["Book everything", "boba backfill"],
      ["Tell of the last four weeks", "boba backfill --since 4w"],
    ],
  });

  since = Option.String("--since", { description: "Tell of what happened from this time on" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const summary = await backfill(this.context.app, { since: this.since });
    this.print(format === "json" ? backfillJson(summary) : backfillText(summary));
    return summary.errors.length > 0 ? EXIT.failed : EXIT.ok;
  }
}
