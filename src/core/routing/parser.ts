/** Builds the tree of a condition, by precedence: `||`, then `&&`, then comparisons, then `!`, then what follows a dot (as in CEL). */
import { ConditionError, quoted } from "./condition-error.ts";
import { tokenize, type Token } from "./lexer.ts";
import { literalOf, nameOrBoolean, type Node } from "./syntax.ts";
import { own } from "../own.ts";

const MAX_DEPTH = 32;
const MAX_TERMS = 128;

const BINDING: Readonly<Record<string, number>> = { "||": 1, "&&": 2 };
const COMPARISON = 3;
const COMPARISONS = ["==", "!=", "<", "<=", ">", ">=", "in", "contains"];

/** @throws ConditionError at the first thing that cannot stand where it stands. */
export function parse(source: string): Node {
  const parser = new Parser(tokenize(source));
  return parser.whole();
}

class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;
  private terms = 1;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): Node {
    if (this.tokens.length === 1) throw new ConditionError("the condition is empty", 0, "write true for a rule that always holds");
    const node = this.expression(0);
    if (this.position < this.tokens.length - 1) throw this.unexpected();
    return node;
  }

  private get token(): Token {
    return this.tokens[this.position] as Token;
  }

  private next(): Token {
    return this.tokens[this.position++] as Token;
  }

  private isSign(text: string): boolean {
    return this.token.kind === "sign" && this.token.text === text;
  }

  private expect(sign: string): Token {
    if (!this.isSign(sign)) throw this.unexpected(`${quoted(sign)} is missing`);
    return this.next();
  }

  private expression(least: number): Node {
    let left = this.operand();
    for (let last = Number.POSITIVE_INFINITY; ;) {
      const { token } = this;
      const binding = bindingOf(token);
      if (binding === 0 || binding <= least) return left;
      if (binding === COMPARISON && last === COMPARISON) {
        throw new ConditionError("two comparisons in a row", token.at, "compare two values at a time, and join the comparisons with &&");
      }
      if (binding < COMPARISON && ++this.terms > MAX_TERMS) {
        throw new ConditionError(`more than ${MAX_TERMS} terms`, token.at, "write several rules, or one pattern with |");
      }
      this.next();
      const right = this.expression(binding);
      left = { kind: "binary", sign: token.text, signAt: token.at, left, right, at: left.at, end: right.end };
      last = binding;
    }
  }

  private operand(): Node {
    const token = this.next();
    if (token.kind === "string") return this.dotted({ kind: "literal", value: token.text, at: token.at, end: token.end });
    if (token.kind === "number") return literalOf(token, 1);
    if (token.kind === "name") return this.dotted(nameOrBoolean(token));
    if (token.text === "!") {
      const part = this.nested(token, () => this.operand());
      return { kind: "not", part, at: token.at, end: part.end };
    }
    if (token.text === "-" && this.token.kind === "number") return { ...literalOf(this.next(), -1), at: token.at };
    if (token.text === "(") {
      const inner = this.nested(token, () => this.expression(0));
      return this.dotted({ ...inner, at: token.at, end: this.expect(")").end });
    }
    if (token.text === "[") {
      const items = this.items("]");
      return { kind: "list", items, at: token.at, end: this.expect("]").end };
    }
    this.position--;
    throw this.unexpected();
  }

  private dotted(start: Node): Node {
    let node = start;
    while (this.isSign(".")) {
      this.next();
      const member = this.next();
      if (member.kind !== "name") {
        this.position--;
        throw this.unexpected("a name is missing after the dot");
      }
      if (this.isSign("(")) {
        this.next();
        const args = this.items(")");
        node = { kind: "call", target: node, method: member.text, methodAt: member.at, args, at: node.at, end: this.expect(")").end };
      } else if (node.kind === "name") {
        node = { kind: "name", name: `${node.name}.${member.text}`, at: node.at, end: member.end };
      } else {
        throw new ConditionError(
          `nothing is called ${quoted(`.${member.text}`)} here`,
          member.at,
          "only names have parts: budget.remaining",
        );
      }
    }
    return node;
  }

  private items(close: string): Node[] {
    const items: Node[] = [];
    if (this.isSign(close)) return items;
    do {
      if (items.length > 0) this.next();
      items.push(this.nested(this.token, () => this.expression(0)));
    } while (this.isSign(","));
    return items;
  }

  private nested(from: Token, inner: () => Node): Node {
    if (++this.depth > MAX_DEPTH) {
      throw new ConditionError(`brackets and ! nest deeper than ${MAX_DEPTH}`, from.at, "leave out brackets that change nothing");
    }
    const node = inner();
    this.depth--;
    return node;
  }

  private unexpected(what?: string): ConditionError {
    const { kind, text, at } = this.token;
    if (kind === "end") return new ConditionError(what ?? "the condition ends too early", at, "something is missing at the end");
    const hint = own(HABITS, text.toLowerCase()) ?? "see docs/routing.md for what a condition may hold";
    return new ConditionError(what ?? `${quoted(text)} cannot stand here`, at, hint);
  }
}

/** Words of other languages that people write by habit. */
const HABITS: Readonly<Record<string, string>> = {
  and: "write &&",
  or: "write ||",
  not: "write !",
  is: "write ==",
  matches: "write x.matches('...')",
};

function bindingOf({ kind, text }: Token): number {
  if (kind === "sign" || (kind === "name" && COMPARISONS.includes(text)))
    return COMPARISONS.includes(text) ? COMPARISON : (BINDING[text] ?? 0);
  return 0;
}
