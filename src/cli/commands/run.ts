import { Command, Option } from "clipanion";
import { runWords } from "../../core/run-args.ts";
import { runTool } from "../../flow/run.ts";
import { runLine } from "../../report/run-text.ts";
import { BobaCommand } from "../base.ts";

export default class RunCommand extends BobaCommand {
  static override paths = [["run"]];
  static override usage = Command.Usage({
    category: "Engine",
    description: "Run an agent with a profile's key and endpoint, and tell what it spent",
    details: `
      \`boba run [--profile P] <tool> [args]\`: the tool is claude, codex, gemini, opencode, any other program, or a profile of the adapter \`tool\`. Key, endpoint
      and model are set in the environment of that process alone. Terminal, signals and exit status are the tool's own. Without \`--profile\` the active profile
      serves if it suits the tool. From the tool's first own word on, or from \`--\`, everything is the tool's.
    `,
    examples: [
      ["Claude Code, through the active profile", "boba run claude"],
      ["Through another one", "boba run --profile work codex exec 'fix the tests'"],
      ["Everything behind -- is the tool's", "boba run claude -- --help"],
    ],
  });

  words = Option.Proxy();

  async run(): Promise<number> {
    const { app, streams } = this.context;
    const { stdin, stdout, stderr } = streams();
    const terminal = [stdin, stdout, stderr].some((stream) => "isTTY" in stream && stream.isTTY);
    const tell = (line: string) => this.tell(`boba: ${line}`);
    const { code, counts, profile, warnings } = await runTool(app, { ...runWords(this.words), terminal, tell });
    for (const warning of warnings) tell(warning);
    if (stderr.isTTY === true && counts !== null) this.tell(runLine(counts, profile));
    return code;
  }
}
