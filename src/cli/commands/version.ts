import { Command, Option } from "clipanion";
import { VERSION } from "../../core/version.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";

export default class VersionCommand extends BobaCommand {
  static override paths = [["version"]];
  static override usage = Command.Usage({
    description: "Print the version",
    details: `
      \`--check\` asks npm (or \`updates.url\` of settings.yaml) for the newest version, and sends nothing about you or your
      ledger. boba never asks on its own. Without an answer the exit status is 4.
    `,
    examples: [
      ["Print the version of boba", "boba version"],
      ["For a script", "boba version --format json"],
    ],
  });

  check = Option.Boolean("--check", false, { description: "Ask whether there is a newer one" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["text", "json"]);
    const check = this.check ? await (await import("../../flow/version-check.ts")).checkVersion(this.context.app) : null;
    if (format === "json") {
      const { safeJson } = await import("../../core/text.ts");
      const told = check === null ? {} : { check: { state: check.state, latest: check.latest, url: check.url } };
      this.print(safeJson({ schema: "boba.version/1", version: VERSION, ...told }));
      return 0;
    }
    this.print(`boba ${VERSION}`);
    if (check?.state === "newer") this.print(`${check.latest} is out: npm i -g bobamixer`);
    else if (check !== null) this.print(check.state === "current" ? "nothing newer is out" : "what was asked names no version");
    return 0;
  }
}
