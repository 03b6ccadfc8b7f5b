import { Command, Option } from "clipanion";
import { EXIT } from "../../core/errors.ts";
import { readPrompt } from "../../flow/prompt.ts";
import { route } from "../../flow/route.ts";
import { typedRequest } from "../../flow/typed-request.ts";
import { BobaCommand } from "../base.ts";
import { choice } from "../choice.ts";
import { screenOf } from "../screen.ts";

export default class RouteTestCommand extends BobaCommand {
  static override paths = [["route", "test"]];
  static override usage = Command.Usage({
    category: "Routes",
    description: "Show which profile would serve a request, and why",
    details: `
      Nothing is asked of any model. What is not given is taken from where you stand: branch, repository, project, time, budget. The rest is unknown, and no rule holds
      because of it; \`--explain\` says so. See docs/routing.md.
    `,
    examples: [
      ["A request", 'boba route test "review this change"'],
      ["Why, rule by rule", 'boba route test "review this change" --ctx-chars 60000 --branch main --explain'],
      ["At night, with little money left", 'boba route test "tidy up" --at 23:30 --budget-remaining 4.20'],
      ["A file, for a program", "git diff | boba route test - --format json"],
    ],
  });

  text = Option.String({ required: false });
  branch = Option.String("--branch", { description: "Instead of the branch you are on" });
  projectType = Option.Array("--project-type", { description: "A type of the project; may be given more than once" });
  project = Option.String("--project", { description: "The project's name" });
  repo = Option.String("--repo", { description: "The repository's name" });
  intent = Option.String("--intent", { description: "What the request is for" });
  task = Option.String("--task", { description: "The task at hand" });
  model = Option.String("--model", { description: "The model that is asked for" });
  tool = Option.String("--tool", { description: "The program that asks" });
  ctxChars = Option.String("--ctx-chars", { description: "Characters of everything sent; default those of the text" });
  at = Option.String("--at", { description: "A time (23:30) or a moment, instead of now" });
  budgetRemaining = Option.String("--budget-remaining", { description: "US dollars left, instead of your budget's" });
  budgetSpent = Option.String("--budget-spent", { description: "US dollars spent" });
  budgetLimit = Option.String("--budget-limit", { description: "US dollars of the limit" });
  stream = Option.Boolean("--stream", { description: "Whether the answer is streamed (--no-stream: it is not)" });
  hasImage = Option.Boolean("--has-image", { description: "Whether an image is sent (--no-has-image: none is)" });
  session = Option.String("--session", { description: "A session's id: only within one is another profile tried" });
  import = Option.Boolean("--import", true, { description: "Take budgets from the ledger as it is" });
  explain = Option.Boolean("--explain", false, { description: "What each rule said" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const { app, streams } = this.context;
    const format = choice("format", this.format, ["text", "json"]);
    const request = typedRequest(await readPrompt(app, this.text, streams().stdin), this);
    const session = this.session === undefined ? null : { id: this.session, startedAtMs: null };
    const decision = await route(app, request, { session, trace: this.explain || format === "json", import: this.import });
    for (const warning of decision.warnings) this.tell(`boba: ${warning}`);
    if (format === "json") this.print((await import("../../report/route-json.ts")).routeJson(decision));
    else this.print((await import("../../report/route-text.ts")).routeText(decision, screenOf(this.context), this.explain));
    return EXIT.ok;
  }
}
