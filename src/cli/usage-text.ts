/** Clipanion's words for a command's options, as they are to be typed. */

/** Options that are on unless they are switched off: what one types is the other word. */
export const ON_BY_DEFAULT: ReadonlyMap<string, string> = new Map([
  ["--import", "--no-import"],
  ["--fetch", "--no-fetch"],
]);

/** A line of the list of options: its beginning (with what makes it bold), the option, blanks, and the end of bold. */
const OPTION_LINE = /^( {2}(?:\u001b\[1m)?)(-[^\s]+(?: #\d+)*) *((?:\u001b\[22m)?) {4}/gm;

/** Clipanion names values `#0`, and an option that is on by default by the word that would switch it on again. */
export function tidy(usage: string): string {
  const widest = Math.max(0, ...[...usage.matchAll(OPTION_LINE)].map(([, , option = ""]) => asTyped(option).length));
  return usage
    .replace(OPTION_LINE, (_, start: string, option: string, end: string) => `${start}${asTyped(option).padEnd(widest)}${end}    `)
    .replace(/(?<=\[)--[a-z-]+(?=\])/g, asTyped)
    .replaceAll(/ #\d+/g, " …");
}

function asTyped(option: string): string {
  return (ON_BY_DEFAULT.get(option) ?? option).replaceAll(/ #\d+/g, " …");
}

/** What to type for a value that was taken for an option: `problem` is Clipanion's, of the option before it. Null when that is not it. */
export function dashedValue(problem: string, argv: readonly string[]): string | null {
  const [, option] = /^Not enough arguments to option (--[a-z0-9-]+)\.$/.exec(problem) ?? [];
  const value = option === undefined ? undefined : argv[argv.indexOf(option) + 1];
  return value !== undefined && /^-[^-]/.test(value)
    ? `a value that begins with a dash is typed so: ${option}=${value.slice(0, 60)}`
    : null;
}
