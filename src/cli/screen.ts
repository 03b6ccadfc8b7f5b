/** What is known of the reader's terminal. */
import type { Screen } from "../report/paint.ts";
import type { Context } from "./context.ts";

/** Into a file or a pipe nothing needs to fit, so nothing is cut short. */
const UNBOUNDED = 400;

/** Width from the terminal, else from `COLUMNS`. */
export function screenOf(context: Pick<Context, "stdout" | "env" | "colorDepth">): Screen {
  const told = Number(context.env["COLUMNS"]);
  const columns = context.stdout.columns ?? (Number.isInteger(told) && told > 0 ? told : UNBOUNDED);
  return { columns, colour: context.colorDepth > 1, unicode: isUtf8(context.env) };
}

/** By the locale (POSIX: the first of these that is set), but for terminals that draw nothing. */
function isUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((value) => value !== undefined && value !== "") ?? "";
  return /utf-?8/i.test(locale) && env["TERM"] !== "dumb";
}
