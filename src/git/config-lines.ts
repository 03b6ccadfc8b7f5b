/**
 * Adds one `[section]` with one key to a git configuration, as text, and cuts exactly these lines again. `git config --unset`
 * is not used: it adds a newline to a file that had none at its end, so what it leaves is not what was there.
 */
import { asBytes } from "./hook-file.ts";

/** A value as git's configuration syntax wants it: quoted where a bare one would be read differently. */
export function configValue(value: string): string {
  if (!/["\\#;]|^\s|\s$/.test(value)) return value;
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** Appends `[section]`, `key = value`. A file without a newline at its end stays one: that is how the cut knows. */
export function appendSection(text: string, section: string, key: string, value: string): string {
  const lines = asBytes(`[${section}]\n\t${key} = ${configValue(value)}`);
  return text === "" || text.endsWith("\n") ? `${text}${lines}\n` : `${text}\n${lines}`;
}

/** Removes what `appendSection` added; keeps the header when someone has put more keys below it. `value` null: any value. */
export function cutSection(text: string, section: string, key: string, value: string | null): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const wanted = value === null ? null : asBytes(`\t${key} = ${configValue(value)}`);
  const isKey = (line: string | undefined) =>
    line !== undefined && (wanted === null ? bare(line).startsWith(`\t${key} = `) : bare(line) === wanted);
  for (let at = 0; at + 1 < lines.length; at++) {
    if (bare(lines[at] as string) !== `[${section}]` || !isKey(lines[at + 1])) continue;
    const next = lines[at + 2];
    const shared = next !== undefined && /^[ \t]*[A-Za-z]/.test(next);
    const last = lines[at + 1] as string;
    lines.splice(shared ? at + 1 : at, shared ? 1 : 2);
    const before = lines[at - 1];
    if (!last.endsWith("\n") && before !== undefined && at === lines.length) lines[at - 1] = bare(before);
    at--;
  }
  return lines.join("");
}

/** Whether some line sets `key` to `value`, however it is laid out. */
export function hasValue(text: string, key: string, value: string): boolean {
  const forms = new Set([asBytes(value), asBytes(configValue(value)), asBytes(`"${value}"`)]);
  return text.split("\n").some((line) => {
    const [name = "", ...rest] = line.split("=");
    return name.trim().toLowerCase() === key && forms.has(rest.join("=").trim());
  });
}

function bare(line: string): string {
  return line.replace(/\r?\n$/, "");
}
