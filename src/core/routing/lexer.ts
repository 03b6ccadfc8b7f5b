/** Cuts a condition into tokens. Strings are raw: a backslash is a backslash, as patterns want it. */
import { ConditionError, quoted } from "./condition-error.ts";

export type Token = {
  kind: "name" | "string" | "number" | "sign" | "end";
  /** As written; of a string what is between its quotes. */
  text: string;
  /** From 0, in UTF-16 units; `end` is the first that no longer belongs to it. */
  at: number;
  end: number;
};

const MAX_CHARS = 4096;

/** Longer ones first. */
const SIGNS = ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", ".", "-"];

/** Signs of other languages that people write by habit. */
const MEANT: Readonly<Record<string, string>> = { "=": "==", "&": "&&", "|": "||" };

const SPACE = /[ \t\r\n]+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /\d+(?:\.\d+)?/y;
const STRING = /[rR]?(?:'([^']*)'|"([^"]*)")/y;
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** @throws ConditionError for what is no part of the language, or longer than it allows. */
export function tokenize(source: string): Token[] {
  if (source.length > MAX_CHARS) {
    throw new ConditionError(
      `the condition is longer than ${MAX_CHARS} characters`,
      MAX_CHARS,
      "write several rules, or one pattern with |",
    );
  }
  const tokens: Token[] = [];
  let at = 0;
  const take = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at;
    return expression.exec(source);
  };
  while (at < source.length) {
    const space = take(SPACE);
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    const token = stringToken(take(STRING), at) ?? wordToken(take(NAME), take(NUMBER), at) ?? signToken(source, at);
    tokens.push(token);
    at = token.end;
  }
  return [...tokens, { kind: "end", text: "", at, end: at }];
}

function stringToken(found: RegExpExecArray | null, at: number): Token | null {
  if (found === null) return null;
  const text = found[1] ?? found[2] ?? "";
  const control = CONTROL.exec(text);
  if (control !== null) {
    throw new ConditionError(
      "a string holds a control character",
      at + found[0].length - 1 - text.length + control.index,
      'in YAML, put the condition between single quotes or after "if: >-": between double quotes \\b and \\n become control characters',
    );
  }
  return { kind: "string", text, at, end: at + found[0].length };
}

function wordToken(name: RegExpExecArray | null, number: RegExpExecArray | null, at: number): Token | null {
  if (name !== null) return { kind: "name", text: name[0], at, end: at + name[0].length };
  return number === null ? null : { kind: "number", text: number[0], at, end: at + number[0].length };
}

function signToken(source: string, at: number): Token {
  const sign = SIGNS.find((text) => source.startsWith(text, at));
  if (sign !== undefined) return { kind: "sign", text: sign, at, end: at + sign.length };
  const character = String.fromCodePoint(source.codePointAt(at) as number);
  if (character === "'" || character === '"') {
    throw new ConditionError(
      "a string has no end",
      at,
      `close it with ${character}; to write ${character} itself, use the other kind of quotes`,
    );
  }
  const meant = MEANT[character];
  throw new ConditionError(
    `${quoted(character)} is no part of a condition`,
    at,
    meant === undefined ? "a condition is made of names, numbers, 'strings', comparisons, &&, ||, ! and brackets" : `write ${meant}`,
  );
}
