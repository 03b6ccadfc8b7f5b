import { Command, Option } from "clipanion";
import { askSecret } from "../../flow/ask-secret.ts";
import { checkRotatable, rotateSecret } from "../../flow/secrets-rotate.ts";
import { BobaCommand } from "../base.ts";

export default class SecretsRotateCommand extends BobaCommand {
  static override paths = [["secrets", "rotate"]];
  static override usage = Command.Usage({
    category: "Engine",
    description: "Replace a key once the provider takes the new one",
    details: `
      Asks for the new key without showing it (or takes the first line of a pipe) and tries it with every profile that uses it, by a request that costs nothing. The
      old key stays until all have taken the new one. Revoke the old one at the provider afterwards.
    `,
    examples: [
      ["Replace", "boba secrets rotate anthropic"],
      ["Without asking anyone", "boba secrets rotate anthropic --no-check"],
    ],
  });

  name = Option.String();
  noCheck = Option.Boolean("--no-check", false, { description: "Replace it untried" });

  async run(): Promise<number> {
    const { app } = this.context;
    checkRotatable(app, this.name);
    const fresh = await askSecret(this.context.streams(), `New key for ${this.name}: `);
    const { origin, accepted } = await rotateSecret(app, this.name, fresh, !this.noCheck);
    const taken = accepted.length === 0 ? "it was not tried" : `taken by ${accepted.join(", ")}`;
    this.print(`${this.name} is replaced (${origin}); ${taken}`);
    return 0;
  }
}
