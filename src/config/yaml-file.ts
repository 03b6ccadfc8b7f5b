/** Reads a YAML file against a schema. A fault names file, line, column and what was expected. */
import type { Document, LineCounter } from "yaml";
import type { ZodType, core } from "zod";
import { BobaError, type ErrorCode, EXIT } from "../core/errors.ts";
import { hasCode, readIfThere } from "../platform/fs.ts";

type Issue = core.$ZodIssue;

const MAX_BYTES = 1024 * 1024;

/** The text of a configuration file, or null when it is missing or holds nothing but comments: then no parser needs to be loaded. */
export function readConfigText(path: string): string | null {
  let bytes: Buffer | null;
  try {
    bytes = readIfThere(path);
  } catch (error) {
    const code = hasCode(error, "EACCES", "EPERM") ? EXIT.permission : EXIT.usage;
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new BobaError("BOBA-CFG-1", code, `${path} cannot be read (${reason})`, `make it a file you may read, or remove it`, error);
  }
  if (bytes === null) return null;
  if (bytes.length > MAX_BYTES) {
    throw new BobaError(
      "BOBA-CFG-2",
      EXIT.usage,
      `${path} is larger than 1 MiB`,
      "a configuration file is a few lines: check what is in it",
    );
  }
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  return text.split(/\r?\n/).every((line) => /^\s*(?:#.*)?$/.test(line)) ? null : text;
}

/**
 * Parses `text` (of the file `path`) and checks it with the schema that `load` makes.
 * @throws BobaError BOBA-CFG-3 not YAML, BOBA-CFG-4 not what the schema wants; both exit 2.
 */
export async function parseConfig<T>(path: string, text: string, load: () => Promise<ZodType<T>>): Promise<T> {
  const [{ parseDocument, LineCounter }, schema] = await Promise.all([import("yaml"), load()]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const at = lines.linePos(broken.pos[0]);
    throw new BobaError("BOBA-CFG-3", EXIT.usage, `${path}:${at.line}:${at.col}: not valid YAML: ${firstLine(broken.message)}`, HINT(path));
  }
  let value: unknown;
  try {
    // Aliases are bounded, so that a few lines cannot expand into gigabytes.
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const reason = error instanceof Error ? firstLine(error.message) : "";
    throw new BobaError("BOBA-CFG-3", EXIT.usage, `${path}:1:1: not valid YAML: ${reason}`, HINT(path), error);
  }
  const checked = schema.safeParse(value ?? {});
  if (checked.success) return checked.data;
  const issue = innermost(checked.error.issues[0]);
  const unknownKey = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  const where = [...(issue?.path ?? []), ...unknownKey];
  throw invalid(
    "BOBA-CFG-4",
    path,
    position(document, lines, where),
    `${where.join(".") || "the file"}: ${issue?.message ?? "is not valid"}`,
  );
}

/** Of the shapes a value may have, the one it comes closest to says what is wrong: one that fails inside, not at its very kind. */
function innermost(issue: Issue | undefined): Issue | undefined {
  if (issue?.code !== "invalid_union") return issue;
  const near = issue.errors.find((issues) => (issues[0]?.path.length ?? 0) > 0 || issues[0]?.code === "custom") ?? issue.errors[0];
  const inner = near?.[0];
  return inner === undefined ? issue : innermost({ ...inner, path: [...issue.path, ...inner.path] });
}

const HINT = (path: string) => `correct the file (${path}), or remove it to use the defaults`;

function invalid(code: ErrorCode, path: string, at: string, message: string): BobaError {
  return new BobaError(code, EXIT.usage, `${path}:${at}: ${message}`, HINT(path));
}

/** `line:column` of the key (or value) at `where`, or of the nearest thing around it that is in the file. */
function position(document: Document.Parsed, lines: LineCounter, where: readonly PropertyKey[]): string {
  for (let depth = where.length; depth > 0; depth--) {
    const parent = depth === 1 ? document.contents : document.getIn(where.slice(0, depth - 1), true);
    const last = where[depth - 1];
    const items: unknown[] =
      typeof parent === "object" && parent !== null && "items" in parent && Array.isArray(parent.items) ? parent.items : [];
    for (const [index, item] of items.entries()) {
      const node = keyNode(item) ?? item;
      const named = keyNode(item) === null ? index === last : String(keyValue(item)) === String(last);
      if (named && hasRange(node)) {
        const at = lines.linePos(node.range[0]);
        return `${at.line}:${at.col}`;
      }
    }
  }
  return "1:1";
}

function keyNode(item: unknown): object | null {
  return typeof item === "object" && item !== null && "key" in item && typeof item.key === "object" ? item.key : null;
}

function keyValue(item: unknown): unknown {
  const node = keyNode(item);
  return node !== null && "value" in node ? node.value : undefined;
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] as string;
}
