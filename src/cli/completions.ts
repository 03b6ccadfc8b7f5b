/** Completion scripts: a table of commands and options in the shell's own language. */
import type { CommandShape } from "./command-tree.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** What may follow each beginning: words of commands, and the options of the command that it is. */
function following(shapes: readonly CommandShape[]): Map<string, string[]> {
  const table = new Map<string, Set<string>>();
  const add = (key: string, words: readonly string[]) => {
    const known = table.get(key) ?? new Set<string>();
    for (const word of words) known.add(word);
    table.set(key, known);
  };
  for (const { words, options } of shapes) {
    words.forEach((word, at) => add(words.slice(0, at).join(" "), [word]));
    add(words.join(" "), [...options, "--help"]);
  }
  add("", ["--help", "--version"]);
  return new Map([...table].map(([key, words]) => [key, [...words].toSorted()]));
}

export function completionScript(shell: Shell, shapes: readonly CommandShape[]): string {
  if (shell === "fish") return fish(shapes);
  const cases = [...following(shapes)].map(([key, words]) => `    ${JSON.stringify(key)}) words=${JSON.stringify(words.join(" "))} ;;`);
  return shell === "bash" ? bash(cases) : zsh(cases);
}

/** The longest beginning of the line that is a command decides. */
const bash = (cases: readonly string[]): string => `# boba completions bash > ~/.local/share/bash-completion/completions/boba
_boba_words() {
  local words=""
  case "$1" in
${cases.join("\n")}
  esac
  printf '%s' "$words"
}
_boba() {
  local current="\${COMP_WORDS[COMP_CWORD]}" key="" next words
  local at
  for ((at = 1; at < COMP_CWORD; at++)); do
    next="\${key:+$key }\${COMP_WORDS[at]}"
    [ -n "$(_boba_words "$next")" ] || break
    key="$next"
  done
  words="$(_boba_words "$key")"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _boba boba
`;

const zsh = (cases: readonly string[]): string => `#compdef boba
# boba completions zsh > "\${fpath[1]}/_boba"
_boba_words() {
  local words=""
  case "$1" in
${cases.join("\n")}
  esac
  print -r -- "$words"
}
_boba() {
  local key="" next at
  for ((at = 2; at < CURRENT; at++)); do
    next="\${key:+$key }\${words[at]}"
    [[ -n "$(_boba_words "$next")" ]] || break
    key="$next"
  done
  local -a found
  found=(\${(s: :)"$(_boba_words "$key")"})
  compadd -a found
  _files
}
_boba "$@"
`;

function fish(shapes: readonly CommandShape[]): string {
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = shapes.flatMap(({ words, options, description }) => {
    const before = words.slice(0, -1);
    const seen = (list: readonly string[]) => list.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    const siblings = shapes.filter(
      (other) => other.words.length > before.length && other.words.slice(0, before.length).join(" ") === before.join(" "),
    );
    const level = [...new Set(siblings.map((other) => other.words[before.length] as string))].join(" ");
    const here = [...(before.length === 0 ? [] : [seen(before)]), `not __fish_seen_subcommand_from ${level}`].join("; and ");
    const own = options.map((option) => `complete -c boba -n ${quote(seen(words))} -l ${option.slice(2)}`);
    return [`complete -c boba -n ${quote(here)} -a ${quote(words.at(-1) as string)} -d ${quote(description)}`, ...own];
  });
  return ["# boba completions fish > ~/.config/fish/completions/boba.fish", ...new Set(lines)].join("\n") + "\n";
}
