import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { BobaCommand } from "../base.ts";
import { choice, positive } from "../choice.ts";

/** As many as somebody reads. */
const LISTED_RECORDS = 500;

export default class AuditCommand extends BobaCommand {
  static override paths = [["audit"]];
  static override usage = Command.Usage({
    description: "Prove that every record is booked exactly once, or say why one is where it is",
    details: `
      Every record is committed, pending, abandoned or outside any repository; the four add up to all records, to the nano-dollar.
      Exits 1 when they do not. With a record, a branch, a commit or a range of them: says of each of its records where it is, and why.
    `,
    examples: [
      ["Prove that the books balance", "boba audit"],
      ["Why is this commit's cost what it is?", "boba audit HEAD"],
      ["What waits on a branch, and why?", "boba audit main"],
    ],
  });

  what = Option.String({ required: false });
  explain = Option.Boolean("--explain", false, { description: "Also say why each pending record waits" });
  limit = Option.String("--limit", { description: "How many records to list, the oldest first (500)" });
  format = Option.String("--format", "table", { description: "table or json" });
  import = Option.Boolean("--import", true, { description: "Read the ledger as it is, without collecting what is new" });

  async run(): Promise<number> {
    const format = choice("format", this.format, ["table", "json"]);
    const limit = positive("--limit", this.limit) ?? LISTED_RECORDS;
    const { app } = this.context;
    const { openView } = await import("../../flow/refresh.ts");
    const view = await openView(app, { import: this.import });
    try {
      for (const warning of view.warnings) this.tell(`boba: ${warning}`);
      if (this.what !== undefined) {
        const [{ explain }, { renderExplanation }] = await Promise.all([
          import("../../flow/explain.ts"),
          import("../../report/explain.ts"),
        ]);
        this.print(renderExplanation(await explain(app, view.db, this.what, limit), format, this.what));
        return EXIT.ok;
      }
      const [{ audit }, { renderAudit }] = await Promise.all([import("../../flow/audit.ts"), import("../../report/audit.ts")]);
      const result = audit(view.db);
      if (this.explain) {
        const [{ explainPending }, { renderAuditAndWhy }] = await Promise.all([
          import("../../flow/explain.ts"),
          import("../../report/explain.ts"),
        ]);
        this.print(renderAuditAndWhy(result, await explainPending(app, view.db, limit), format));
      } else this.print(renderAudit(result, format));
      return result.balanced ? EXIT.ok : EXIT.failed;
    } finally {
      view.close();
    }
  }
}
