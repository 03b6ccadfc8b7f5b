/** Reads a YAML file against a schema. A fault names file, line, column and what was expected. */
import type { LineCounter, Document } from "yaml";
import type { ZodType, core } from "zod";
import { BobaError, type ErrorCode, EXIT } from "../core/errors.ts";
import { checkText, checkTree, parserFault } from "./yaml-check.ts";
import { placeAt, type Place, placeOf, textPlaceOf } from "./yaml-position.ts";

type Issue = core.$ZodIssue;

export interface Trust {
  /** Others may have written it: no aliases, anchors, tags, directives or merge keys. */
  untrusted?: boolean;
  /** It holds secrets: a message names no key that is not a valid name. */
  secret?: boolean;
}

export interface ConfigFile<T> {
  value: T;
  /** Where the key or list item at `where` stands, or the nearest thing around it. */
  place: (where: readonly PropertyKey[]) => Place;
  /** Where the text of the value at `where` begins. */
  textPlace: (where: readonly PropertyKey[]) => Place;
  /** A BOBA-CFG-4 for what is wrong at `where`, for rules that no schema can say. */
  fault: (where: readonly PropertyKey[], message: string) => BobaError;
}

/** `parseConfigFile` for those who need no places. */
export async function parseConfig<T>(path: string, text: string, load: () => Promise<ZodType<T>>, trust: Trust = {}): Promise<T> {
  return (await parseConfigFile(path, text, load, trust)).value;
}

/**
 * Parses `text` (of the file `path`) and checks it with the schema that `load` makes.
 * @throws BobaError BOBA-CFG-3 not YAML, BOBA-CFG-4 not what the schema wants; both exit 2.
 */
export async function parseConfigFile<T>(
  path: string,
  text: string,
  load: () => Promise<ZodType<T>>,
  trust: Trust = {},
): Promise<ConfigFile<T>> {
  const [yaml, schema] = await Promise.all([import("yaml"), load()]);
  const { document, lines } = parseYaml(yaml, path, text, trust.untrusted ?? false);
  let value: unknown;
  try {
    // Aliases are bounded, so that a few lines cannot expand into gigabytes.
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    // The cause is not kept: it may quote the file.
    throw notYaml(path, { line: 1, column: 1 }, "its aliases expand without end");
  }
  const fault = (where: readonly PropertyKey[], message: string): BobaError => {
    const { line, column } = placeOf(document, lines, where);
    const named = trust.secret === true && message === BAD_NAME ? "a key" : where.join(".");
    return located("BOBA-CFG-4", path, { line, column }, `${named || "the file"}: ${message}`);
  };
  const checked = schema.safeParse(trust.secret === true ? (value ?? {}) : withoutEmpty(value));
  if (!checked.success) {
    const issue = innermost(checked.error.issues[0]);
    const unknownKey = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
    throw fault([...(issue?.path ?? []), ...unknownKey], issue?.message ?? "is not valid");
  }
  return {
    value: checked.data,
    place: (where) => placeOf(document, lines, where),
    textPlace: (where) => textPlaceOf(document, lines, where, text),
    fault,
  };
}

/** A section whose every line is a comment is as good as none. */
function withoutEmpty(value: unknown): unknown {
  if (value === null || value === undefined) return {};
  if (typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, section]) => section !== null));
}

/** What a name that is not one is told; the only message about keys in a file of secrets. */
export const BAD_NAME = "expected a name of at most 64 letters, digits, `.`, `_` and `-`";

/** @throws BobaError BOBA-CFG-3 naming line and column. */
export function parseYaml(
  yaml: typeof import("yaml"),
  path: string,
  text: string,
  plain: boolean,
): { document: Document.Parsed; lines: LineCounter } {
  const lines = new yaml.LineCounter();
  const ahead = plain ? checkText(text) : null;
  if (ahead !== null) {
    const before = text.slice(0, ahead.offset).split("\n");
    throw notYaml(path, { line: before.length, column: (before.at(-1) as string).length + 1 }, ahead.what);
  }
  let document: Document.Parsed;
  try {
    // Its own check for repeated keys takes seconds for a few thousand of them; checkTree has one.
    document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error", uniqueKeys: false });
  } catch {
    throw notYaml(path, { line: 1, column: 1 }, "it cannot be parsed"); // nor here
  }
  const fault = parserFault(document) ?? checkTree(yaml, document, plain);
  if (fault !== null) throw notYaml(path, placeAt(lines, fault.offset), fault.what);
  return { document, lines };
}

/** Of the shapes a value may have, the one it comes closest to says what is wrong: one that fails inside, not at its very kind. */
function innermost(issue: Issue | undefined): Issue | undefined {
  if (issue?.code === "invalid_key") return { ...issue, message: issue.issues[0]?.message ?? issue.message };
  if (issue?.code !== "invalid_union") return issue;
  const near =
    issue.errors.find((issues) => (issues[0]?.path.length ?? 0) > 0 || issues[0]?.code === "custom") ??
    issue.errors.find((issues) => issues[0]?.code !== "invalid_type") ??
    issue.errors[0];
  const inner = near?.[0];
  return inner === undefined ? issue : innermost({ ...inner, path: [...issue.path, ...inner.path] });
}

function notYaml(path: string, place: Place, what: string): BobaError {
  return located("BOBA-CFG-3", path, place, `not valid YAML: ${what}`);
}

/** An error about a place in a file. */
export function located(code: ErrorCode, path: string, { line, column }: Place, message: string): BobaError {
  return new BobaError(
    code,
    EXIT.usage,
    `${path}:${line}:${column}: ${message}`,
    `correct the file (${path}), or remove it to use the defaults`,
  );
}
