import { Command, Option } from "clipanion";
import { BobaError, EXIT } from "../../core/errors.ts";
import { printableLines } from "../../core/text.ts";
import { call } from "../../flow/call.ts";
import { cancelOn } from "../../flow/cancel.ts";
import { readPrompt } from "../../flow/prompt.ts";
import { callJson, callLine } from "../../report/call-text.ts";
import { BobaCommand } from "../base.ts";
import { choice, positive } from "../choice.ts";

export default class CallCommand extends BobaCommand {
  static override paths = [["call"]];
  static override usage = Command.Usage({
    category: "Engine",
    description: "Ask a model once, and book what it cost",
    details: `
      The answer goes to standard output as it arrives. The request is booked like any other: to the next commit of the repository you stand in. Without
      \`--profile\` your rules decide, then the active profile serves (\`boba use\`). An answer that is cut, also by Ctrl-C, is booked as a lower bound.
    `,
    examples: [
      ["Ask", 'boba call --profile work "What does git rerere do?"'],
      ["A file, and the cost as JSON", "boba call --profile work @question.txt --format json"],
      ["A pipe", 'git diff | boba call --profile work --system "Review this change" -'],
    ],
  });

  prompt = Option.String({ required: false });
  profile = Option.String("--profile,-p", { description: "The profile to ask through" });
  model = Option.String("--model,-m", { description: "Instead of the profile's own" });
  system = Option.String("--system", { description: "What the model is told first" });
  maxTokens = Option.String("--max-tokens", { description: "No longer an answer than this" });
  noStream = Option.Boolean("--no-stream", false, { description: "Wait for the whole answer" });
  format = Option.String("--format", "text", { description: "text or json" });

  async run(): Promise<number> {
    const { app, streams } = this.context;
    const { stdin, stdout, stderr } = streams();
    const isJson = choice("format", this.format, ["text", "json"]) === "json";
    const prompt = await readPrompt(app, this.prompt, stdin);
    const { profile = null, model = null, system = null } = this;
    const cancel = cancelOn(stdout);
    let answer = "";
    const onText = (text: string) => {
      answer += text;
      if (!isJson) stdout.write(stdout.isTTY === true ? printableLines(text) : text);
    };
    const tell = (line: string) => this.tell(`boba: ${line}`);
    const maxTokens = positive("--max-tokens", this.maxTokens);
    const request = { profile, model, system, stream: !this.noStream, prompt, maxTokens, cancel: cancel.signal, onText, tell };
    const outcome = await call(app, request).finally(() => cancel.release());
    if (isJson) this.print(callJson(outcome, answer));
    else if (answer !== "" && !answer.endsWith("\n")) stdout.write("\n");
    if (stderr.isTTY === true && !isJson) this.tell(callLine(outcome));
    if (outcome.cancelled) return cancel.signal.reason === "told" ? EXIT.cancelled : EXIT.ok;
    if (outcome.problem === null) return EXIT.ok;
    throw new BobaError("BOBA-NET-22", EXIT.network, outcome.problem, "what arrived is booked as a lower bound; ask again for the whole");
  }
}
