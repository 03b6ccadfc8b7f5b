import { counted } from "../../core/money.ts";
import { Command, Option } from "clipanion";
import { BobaError, EXIT } from "../../core/errors.ts";
import { askNewPassphrase } from "../../flow/ask-secret.ts";
import { backUpSecrets } from "../../flow/secrets-backup.ts";
import { BobaCommand } from "../base.ts";

export default class SecretsBackupCommand extends BobaCommand {
  static override paths = [["secrets", "backup"]];
  static override usage = Command.Usage({
    category: "Engine",
    description: "Keep secrets.yaml in an encrypted file",
    details: `
      The file is in the format of age, so that \`age -d\` opens it too. \`--encrypt-to\` may be given more than once; \`--passphrase\` asks for one (or takes the
      first line of a pipe). What is in the keyring or the environment is not part of it.
    `,
    examples: [
      ["With a passphrase", "boba secrets backup --to secrets.age --passphrase"],
      ["For a key", "boba secrets backup --to secrets.age --encrypt-to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"],
    ],
  });

  to = Option.String("--to", { required: true, description: "The file to make" });
  encryptTo = Option.Array("--encrypt-to", [], { description: "An age public key (age1...) that can open it" });
  passphrase = Option.Boolean("--passphrase", false, { description: "Ask for a passphrase" });

  async run(): Promise<number> {
    const { to, encryptTo: recipients, passphrase } = this;
    if (passphrase === recipients.length > 0) {
      const hint = "boba secrets backup --to secrets.age --passphrase, or --encrypt-to age1...";
      throw new BobaError("BOBA-SEC-15", EXIT.usage, "either a passphrase or a key must open it", hint);
    }
    const lock = passphrase ? { passphrase: await askNewPassphrase(this.context.streams()) } : { recipients };
    const { path, secrets } = await backUpSecrets(this.context.app, to, lock);
    this.print(`${counted(secrets, "secret")} kept in ${path}`);
    return 0;
  }
}
