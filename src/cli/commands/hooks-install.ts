import { Command, Option, UsageError } from "clipanion";
import { HOOK_MODES } from "../../core/hooks.ts";
import { installHooks } from "../../flow/hooks-install.ts";
import { installText, installWarning, offerText } from "../../report/hooks-text.ts";
import { BobaCommand } from "../base.ts";

export default class HooksInstallCommand extends BobaCommand {
  static override paths = [["hooks", "install"]];
  static override usage = Command.Usage({
    category: "Hooks",
    description: "Let git tell boba about commits",
    details: `
      Adds an include line to the repository's configuration (git 2.54 and later) and, where an older git may run, a marked block to
      its hook files. A hook never fails, blocks or prints; \`boba hooks uninstall\` leaves every file as it was.

      Modes: \`background\` works hints off right after each event, \`lazy\` leaves them to the next boba command, \`summary\` prints
      one line after each commit.
    `,
    examples: [
      ["Install in this repository", "boba hooks install"],
      ["Install for every repository of this account", "boba hooks install --global"],
      ["Install, and book what was spent before", "boba hooks install --backfill"],
      ["Print what each commit cost", "boba hooks install --mode summary"],
      ["Also push this clone's figures after each push", "boba hooks install --share"],
    ],
  });

  global = Option.Boolean("--global", false, { description: "For all repositories, through the global git configuration" });
  mode = Option.String("--mode", { description: HOOK_MODES.join(", ") });
  backfill = Option.Boolean("--backfill", false, { description: "Then book the history that logs and reflogs already hold" });
  share = Option.Boolean("--share", false, { description: "After a push, push this clone's notes to the same remote" });
  force = Option.Boolean("--force", false, { description: "Also in CI and in bare repositories" });

  async run(): Promise<number> {
    const mode = HOOK_MODES.find((name) => name === this.mode) ?? null;
    if (this.mode !== undefined && mode === null) throw new UsageError(`--mode is one of ${HOOK_MODES.join(", ")}`);
    const report = await installHooks(this.context.app, { global: this.global, mode, share: this.share, force: this.force });
    const warning = installWarning(report);
    if (warning !== null) this.tell(warning);
    this.print(installText(report));
    if (report.skipped === null) await this.history();
    return 0;
  }

  /** Books what lies behind, or says that it could be. */
  private async history(): Promise<void> {
    const { app } = this.context;
    if (this.backfill) {
      const [{ backfill }, { backfillText }] = await Promise.all([import("../../flow/backfill.ts"), import("../../report/backfill.ts")]);
      this.print(backfillText(await backfill(app, {})));
      return;
    }
    const { backfillOffer } = await import("../../flow/backfill-offer.ts");
    const offer = await backfillOffer(app);
    if (offer !== null) this.print(offerText(offer));
  }
}
