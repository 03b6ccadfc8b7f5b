import { Command, Option } from "clipanion";
import { askSecret } from "../../flow/ask-secret.ts";
import { checkName, storeSecret } from "../../flow/secrets.ts";
import { BobaCommand } from "../base.ts";

export default class SecretsSetCommand extends BobaCommand {
  static override paths = [["secrets", "set"]];
  static override usage = Command.Usage({
    category: "Engine",
    description: "Store a provider's key",
    details: `
      Asks for it without showing it, or takes the first line of a pipe; never from the command line, which other programs can read. It goes to
      \`~/.boba/secrets.yaml\` (for you alone), or to the system's keyring with \`secrets.keyring: true\` in settings.yaml.
    `,
    examples: [
      ["Ask for it", "boba secrets set anthropic"],
      ["From a password manager", "pass show anthropic | boba secrets set anthropic"],
    ],
  });

  name = Option.String();

  async run(): Promise<number> {
    checkName(this.name);
    const secret = await askSecret(this.context.streams(), `Key for ${this.name}: `);
    const origin = await storeSecret(this.context.app, this.name, secret);
    this.print(`${this.name} is stored (${origin})`);
    return 0;
  }
}
