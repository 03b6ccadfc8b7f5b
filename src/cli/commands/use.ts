import { Command, Option } from "clipanion";
import { BobaError, EXIT } from "../../core/errors.ts";
import { inUse, useNone, useProfile } from "../../flow/use.ts";
import { printable } from "../../core/text.ts";
import { BobaCommand } from "../base.ts";

export default class UseCommand extends BobaCommand {
  static override paths = [["use"]];
  static override usage = Command.Usage({
    category: "Engine",
    description: "Choose the profile that serves where no rule decides",
    details: "Writes `profile` to settings.yaml and leaves the rest of the file as it is. Without a name: says which one is active.",
    examples: [
      ["Choose", "boba use work"],
      ["Which is it", "boba use"],
      ["None", "boba use --clear"],
    ],
  });

  profile = Option.String({ required: false });
  clear = Option.Boolean("--clear", false, { description: "No profile is active any more" });

  async run(): Promise<number> {
    const { app } = this.context;
    if (this.clear && this.profile !== undefined)
      throw new BobaError("BOBA-USE-69", EXIT.usage, "--clear takes no profile", "boba use --clear, or boba use <profile>");
    if (this.clear) await useNone(app);
    else if (this.profile !== undefined) await useProfile(app, this.profile);
    const { profile, isDefined } = await inUse(app);
    if (profile === null) this.print("no profile is active");
    else this.print(`${printable(profile)}${isDefined ? "" : " (not defined in profiles.yaml)"}`);
    return 0;
  }
}
