import { Command, Option } from "clipanion";
import { listSecrets } from "../../flow/secrets.ts";
import { secretsJson, secretsText } from "../../report/secrets-text.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class SecretsListCommand extends BobaCommand {
  static override paths = [["secrets", "list"], ["secrets"]];
  static override usage = Command.Usage({
    category: "Engine",
    description: "Which secrets there are, where, and which profiles use them",
    details: "Shows four letters of a long one, nothing of a short one. `missing`: a profile refers to it, and it is nowhere.",
    examples: [["Look", "boba secrets list"]],
  });

  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const secrets = await listSecrets(this.context.app);
    this.print(format === "json" ? secretsJson(secrets) : secretsText(secrets));
    return 0;
  }
}
