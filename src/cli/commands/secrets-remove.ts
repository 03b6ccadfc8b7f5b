import { Command, Option } from "clipanion";
import { forgetSecret } from "../../flow/secrets.ts";
import { BobaCommand } from "../base.ts";

export default class SecretsRemoveCommand extends BobaCommand {
  static override paths = [["secrets", "remove"]];
  static override usage = Command.Usage({
    category: "Engine",
    description: "Take a secret out of the file and the keyring",
    details: "Profiles that refer to it can no longer be used until it is stored again.",
    examples: [["Remove", "boba secrets remove anthropic"]],
  });

  name = Option.String();

  async run(): Promise<number> {
    const origins = await forgetSecret(this.context.app, this.name);
    this.print(`${this.name} is removed (${origins.join(", ")})`);
    return 0;
  }
}
