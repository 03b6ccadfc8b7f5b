import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { checkSecrets } from "../../flow/secrets.ts";
import { secretsJson, secretsText } from "../../report/secrets-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class SecretsCheckCommand extends BobaCommand {
  static override paths = [["secrets", "check"]];
  static override usage = Command.Usage({
    category: "Engine",
    description: "Whether the secrets that profiles refer to are there, and are taken",
    details: `
      Exits with 1 when one is missing. With \`--network\` every profile's provider is asked for its list of models, which costs nothing; a key that is refused
      also counts.
    `,
    examples: [
      ["Are they there", "boba secrets check"],
      ["Are they taken", "boba secrets check --network"],
    ],
  });

  network = Option.Boolean("--network", false, { description: "Ask the providers, at no cost" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const checks = await checkSecrets(this.context.app, this.network);
    this.print(format === "json" ? secretsJson(checks) : secretsText(checks));
    const isBad = checks.some(({ origin, asked }) => origin === null || asked.some(({ verdict }) => verdict !== "accepted"));
    return isBad ? EXIT.failed : EXIT.ok;
  }
}
