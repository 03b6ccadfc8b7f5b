import { counted } from "../../core/money.ts";
import { Command, Option } from "clipanion";
import { askSecret } from "../../flow/ask-secret.ts";
import { restoreSecrets, wantsPassphrase } from "../../flow/secrets-backup.ts";
import { BobaCommand } from "../base.ts";

export default class SecretsRestoreCommand extends BobaCommand {
  static override paths = [["secrets", "restore"]];
  static override usage = Command.Usage({
    category: "Engine",
    description: "Put secrets.yaml back from an encrypted file",
    details:
      "Refused when a secret that you have now would be lost by it, unless `--force`. A damaged file, or a wrong key, changes nothing.",
    examples: [
      ["With the passphrase", "boba secrets restore secrets.age"],
      ["With a key", "boba secrets restore secrets.age --identity key.txt"],
    ],
  });

  file = Option.String();
  identity = Option.String("--identity,-i", { description: "The file with the age key that opens it" });
  force = Option.Boolean("--force", false, { description: "Also when secrets are lost by it" });

  async run(): Promise<number> {
    const { app } = this.context;
    const asks = wantsPassphrase(app, this.file);
    const by = asks ? { passphrase: await askSecret(this.context.streams(), "Passphrase: ") } : { identity: this.identity };
    const { secrets } = await restoreSecrets(app, this.file, by, this.force);
    this.print(`${counted(secrets, "secret")} put back into ${app.paths.secrets}`);
    return 0;
  }
}
