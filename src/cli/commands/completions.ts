import { Command, Option } from "clipanion";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { commandShapes } from "../command-tree.ts";
import { completionScript, SHELLS } from "../completions.ts";

export default class CompletionsCommand extends BobaCommand {
  static override paths = [["completions"]];
  static override usage = Command.Usage({
    description: "Print what makes your shell complete boba's commands and options",
    examples: [
      ["bash", "boba completions bash > ~/.local/share/bash-completion/completions/boba"],
      ["zsh", "boba completions zsh > ~/.zfunc/_boba"],
      ["fish", "boba completions fish > ~/.config/fish/completions/boba.fish"],
    ],
  });

  shell = Option.String();

  async run(): Promise<number> {
    this.print(completionScript(choice("shell", this.shell, SHELLS), await commandShapes()));
    return 0;
  }
}
