/** The only place that prints an error: what is wrong, what to type next, and a stack only for bugs in debug. */
import { UsageError } from "clipanion";
import { BobaError, EXIT } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { printableLines } from "../core/text.ts";
import { dashedValue, tidy } from "./usage-text.ts";

export function presentError(error: unknown, context: Pick<Context, "stderr" | "app">, argv: readonly string[] = []): number {
  const { stderr, app } = context;
  app.progress(null);
  if (error instanceof BobaError) {
    // Git, servers and files are quoted in it.
    stderr.write(printableLines(`boba: ${error.message} [${error.code}]\n  ${error.hint}\n`));
    return error.exit;
  }
  // Clipanion throws its own class for arguments it cannot place.
  if (error instanceof UsageError || (error instanceof Error && "clipanion" in error)) {
    const [first = "", ...rest] = error.message.split("\n");
    const hints = [dashedValue(first, argv) ?? "", ...rest].map((line) => tidy(line.trim())).filter((line) => line !== "");
    stderr.write(printableLines([`boba: ${first}`, ...hints.map((line) => `  ${line}`), "  see: boba --help\n"].join("\n")));
    return EXIT.usage;
  }
  const message = error instanceof Error ? error.message : String(error);
  app.log.write("error", "bug", { message });
  stderr.write(`boba: internal error: ${message}\n  this is a bug; run again with BOBA_LOG_LEVEL=debug for a stack to report\n`);
  if (["debug", "trace"].includes(app.env["BOBA_LOG_LEVEL"] ?? "") && error instanceof Error) stderr.write(`${error.stack ?? ""}\n`);
  return EXIT.failed;
}
