/** Every command with its options, as the commands themselves declare them. */
import { Cli, type CommandClass } from "clipanion";
import { COMMANDS } from "./commands/index.ts";
import type { Context } from "./context.ts";
import { ON_BY_DEFAULT } from "./usage-text.ts";

export interface CommandShape {
  /** E.g. `["backup", "list"]`. */
  words: readonly string[];
  /** Long options, e.g. `--format`. */
  options: readonly string[];
  description: string;
}

/** Loads all commands: only for what has to know them all. */
export async function commandShapes(): Promise<CommandShape[]> {
  const named = COMMANDS.filter(({ words }) => words.length > 0);
  const shapes = await Promise.all(named.map(async ({ words, load }) => shapeOf(words, (await load()).default)));
  return shapes.toSorted((a, b) => (a.words.join(" ") < b.words.join(" ") ? -1 : 1));
}

/** What a command declares of itself. */
export function shapeOf(words: readonly string[], command: CommandClass<Context>): CommandShape {
  const cli = new Cli<Context>();
  cli.register(command);
  const [{ options, description } = { options: [], description: "" }] = cli.definitions();
  const names = options.flatMap(({ definition }) => definition.match(/--[a-z0-9-]+/g) ?? []).map((name) => ON_BY_DEFAULT.get(name) ?? name);
  return { words, options: names.toSorted((a, b) => (a < b ? -1 : 1)), description: (description ?? "").trim() };
}
