import { Command, Option } from "clipanion";
import { LEVELS, type LogLine } from "../../core/log-line.ts";
import { clockOf } from "../../flow/filter.ts";
import { followLogs, openTail, readLogs, untilTold } from "../../flow/logs.ts";
import { logText } from "../../report/log-text.ts";
import { paintFor } from "../../report/paint.ts";
import { BobaCommand } from "../base.ts";
import { choice, positive } from "../choice.ts";
import { screenOf } from "../screen.ts";
import { safeJson } from "../../core/text.ts";

const DEFAULT_LINES = 100;

export default class LogsCommand extends BobaCommand {
  static override paths = [["logs"]];
  static override usage = Command.Usage({
    category: "Operations",
    description: "Show boba's own log: what ran in the background, and what went wrong",
    details: `
      The log holds counts, ids, paths and durations; never a prompt, an answer or a secret. \`BOBA_LOG_LEVEL\` (trace, debug, info, warn, error) says how
      much is written. A log over 1 MiB is put aside; the last five are kept and read here too.
    `,
    examples: [
      ["The last 100 lines", "boba logs"],
      ["What went wrong since yesterday", "boba logs --level warn --since yesterday"],
      ["Watch it", "boba logs --follow"],
    ],
  });

  follow = Option.Boolean("--follow,-f", false, { description: "Go on with what is written from now on" });
  level = Option.String("--level", "trace", { description: `Only this level and above: ${LEVELS.join(", ")}` });
  since = Option.String("--since", { description: "Only from this time on (24h, today, 2026-11-23)" });
  lines = Option.String("--lines,-n", { description: `At most so many, the newest; default ${DEFAULT_LINES}` });
  format = Option.String("--format", "text", { description: "text, or json (one object a line)" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const { app } = this.context;
    const request = {
      level: choice("level", this.level, LEVELS),
      since: this.since,
      lines: positive("--lines", this.lines) ?? DEFAULT_LINES,
    };
    const paint = paintFor(screenOf(this.context));
    const clock = clockOf(app);
    const show = (line: LogLine) => {
      const { atMs, level, event, fields } = line;
      const text =
        format === "json"
          ? safeJson({ time: new Date(atMs).toISOString(), level, event, ...fields }, 0)
          : logText(line, paint, (at) => clock.offsetMs(at));
      this.printOn(`${text}\n`);
    };
    const tail = this.follow ? openTail(app) : undefined;
    for (const line of readLogs(app, request, tail)) show(line);
    if (tail !== undefined) await followLogs(app, request, tail, show, untilTold());
    return 0;
  }
}
