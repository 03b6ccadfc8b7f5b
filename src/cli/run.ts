/** From words to a command: loads the one module that was asked for and lets Clipanion parse its options. */
import { Cli } from "clipanion";
import { BobaError, EXIT } from "../core/errors.ts";
import { VERSION } from "../core/version.ts";
import { COMMANDS, type CommandEntry } from "./commands/index.ts";
import type { Context, World } from "./context.ts";
import { presentError } from "./errors.ts";
import { tidy } from "./usage-text.ts";

/** Runs the command that `argv` names and returns the exit code. */
export async function runCli(argv: readonly string[], world: World): Promise<number> {
  const context: Omit<Context, "stdin"> = {
    ...world,
    stdout: world.stdout as Context["stdout"],
    stderr: world.stderr as Context["stderr"],
  };
  const cli = new Cli<Context>({ binaryLabel: "boba", binaryName: "boba", binaryVersion: VERSION, enableColors: context.colorDepth > 1 });
  const wanted = select(argv);
  const classes = await Promise.all(wanted.map(async (entry) => (await entry.load()).default));
  for (const command of classes) cli.register(command);
  try {
    if (wanted.length > 1 && argv.every((word) => HELP.has(word))) {
      context.stdout.write(tidy(cli.usage(null)));
      return 0;
    }
    if (asksForHelp(argv, wanted)) {
      context.stdout.write(tidy(cli.usage(classes[0] ?? null, { detailed: true })));
      return 0;
    }
    refuseUnknown(argv);
    const group = groupOf(argv);
    if (group !== null) {
      context.stdout.write(await listOf(group));
      return argv.some((word) => HELP.has(word)) ? EXIT.ok : EXIT.usage;
    }
    const command = cli.process([...argv], context);
    return await cli.run(command, context);
  } catch (error) {
    return presentError(error, context, argv);
  }
}

function asksForHelp(argv: readonly string[], wanted: readonly CommandEntry[]): boolean {
  const [entry] = wanted;
  if (entry === undefined || wanted.length > 1) return false;
  const { words, passesWords } = entry;
  return passesWords === true ? HELP.has(argv[words.length] ?? "") : argv.some((word) => HELP.has(word));
}

/** Commands that begin with all the words typed, when none is meant by them alone: `boba hooks`, but not `boba backup`. */
function groupOf(argv: readonly string[]): readonly CommandEntry[] | null {
  const typed = argv.filter((word) => !HELP.has(word));
  if (typed.length === 0) return null;
  const below = COMMANDS.filter(({ words }) => typed.every((word, at) => words[at] === word));
  return below.length === 0 || below.some(({ words }) => words.length === typed.length) ? null : below;
}

async function listOf(group: readonly CommandEntry[]): Promise<string> {
  const { shapeOf } = await import("./command-tree.ts");
  const shapes = await Promise.all(group.map(async ({ words, load }) => shapeOf(words, (await load()).default)));
  const names = shapes.map(({ words }) => `boba ${words.join(" ")}`);
  const width = Math.max(...names.map((name) => name.length));
  const lines = shapes.map(({ description }, at) => `  ${(names[at] as string).padEnd(width)}  ${description}`);
  return `${lines.join("\n")}\n\nEach has --help with examples.\n`;
}

/** @throws BobaError BOBA-USE-9 for a first word that starts no command, naming the one that begins like it. */
function refuseUnknown(argv: readonly string[]): void {
  const [word] = argv;
  const words = [...new Set(COMMANDS.flatMap((entry) => entry.words[0] ?? []))];
  if (word === undefined || word.startsWith("-") || words.includes(word)) return;
  const alike = words.find((known) => known.startsWith(word.slice(0, 2)));
  const hint = alike === undefined ? "see what there is: boba --help" : `did you mean: boba ${alike}`;
  throw new BobaError("BOBA-USE-9", EXIT.usage, `there is no command "${word.slice(0, 40)}"`, hint);
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
