/** From words to a command: loads the one module that was asked for and lets Clipanion parse its options. */
import { Cli } from "clipanion";
import { VERSION } from "../core/version.ts";
import { COMMANDS, type CommandEntry } from "./commands/index.ts";
import type { Context } from "./context.ts";
import { presentError } from "./errors.ts";

/** Runs the command that `argv` names and returns the exit code. */
export async function runCli(argv: readonly string[], context: Context): Promise<number> {
  const cli = new Cli<Context>({ binaryLabel: "boba", binaryName: "boba", binaryVersion: VERSION });
  const wanted = select(argv);
  for (const entry of wanted) cli.register((await entry.load()).default);
  try {
    if (wanted.length > 1 && argv.every((word) => HELP.has(word))) {
      context.stdout.write(cli.usage(null));
      return 0;
    }
    if (argv.some((word) => HELP.has(word)) && wanted.length === 1) {
      const command = cli.process([...(wanted[0] as CommandEntry).words], context);
      context.stdout.write(cli.usage(command, { detailed: true }));
      return 0;
    }
    const command = cli.process([...argv], context);
    return await cli.run(command, context);
  } catch (error) {
    return presentError(error, context);
  }
}

const HELP = new Set(["--help", "-h", "help"]);

/** The entries whose words `argv` starts with, longest first; all of them when none does (for help and for a good error). */
function select(argv: readonly string[]): readonly CommandEntry[] {
  const matches = COMMANDS.filter((entry) => entry.words.every((word, at) => argv[at] === word));
  const longest = Math.max(0, ...matches.map((entry) => entry.words.length));
  const best = matches.filter((entry) => entry.words.length === longest);
  const bare = longest === 0 && argv.length > 0 && !(argv[0] as string).startsWith("-");
  const onlyHelp = longest === 0 && argv.some((word) => HELP.has(word));
  return best.length === 0 || bare || onlyHelp ? COMMANDS : best;
}
