/** Lines of Claude Code's log with random changes: to what they say, to how it is written, and to their bytes. */
import fc from "fast-check";
import { claudeLine } from "../helpers/agent.ts";
import { progressLine } from "../helpers/corpus.ts";

/** JSON that keeps what JSON.parse loses: order, names that come twice, spelling. A string is JSON text as it stands. */
type Tree = string | Tree[] | { entries: [name: string, value: Tree][] };

const NAMES = [
  ..."type data message requestId uuid timestamp isSidechain sessionId cwd gitBranch id model usage content name input file_path".split(
    " ",
  ),
  ..."notebook_path input_tokens output_tokens cache_creation_input_tokens cache_read_input_tokens cache_creation speed".split(" "),
  ..."ephemeral_5m_input_tokens ephemeral_1h_input_tokens server_tool_use web_search_requests iterations __proto__ other".split(" "),
  "",
  "größe",
  "out\\u0070ut_tokens",
  "\\u0074ype",
  "mess\\/age",
  "model\\u0000",
  "cwd ",
];

const long = (length: number, text = "x") => JSON.stringify(text.repeat(length));
const VALUES: readonly Tree[] = [
  ..."0 -0 1 7 12 1000000000000 1000000000001 9007199254740993 99999999999999999999999 1e3 1E+2 1.0 0.5 -1 01 00 1. .5 +1 1e 0x1 1e999".split(
    " ",
  ),
  ..."true false null True nul nulll NaN Infinity undefined {} [] [[]] [{}] {]} [} , : ' \" ".split(" "),
  ...'"" "assistant" "progress" "agent_progress" "tool_use" "Edit" "Write" "fast" "<synthetic>" "\\u0066ast" "\\u00e9" "a\\/b"'.split(" "),
  ...'"\\ud83d\\ude00" "\\ud83d" "\\udc00x" "\\x" "\\u12" "\\u12G4" "C:\\\\a" "é" "費用" "😀" "\u00ff" "a\tb" "a\0b" "tokens\\""'.split(
    " ",
  ),
  ...["2026-04-01T12:00:00.000Z", "2024-02-29T23:59:59.999Z", "2023-02-29T00:00:00.000Z", "2026-04-31T00:00:00.000Z"].map(
    (at) => `"${at}"`,
  ),
  ...["2026-04-01T24:00:00.000Z", "2026-04-01T12:00:60.000Z", "2026-04-01T12:00:00Z", "2026-04-01T12:00:00.000+02:00"].map(
    (at) => `"${at}"`,
  ),
  ...["1999-12-31T23:59:59.999Z", "2000-01-01T00:00:00.000Z", "2099-12-31T23:59:59.999Z", "2100-01-01T00:00:00.000Z"].map(
    (at) => `"${at}"`,
  ),
  ...["2026-04-01T12:00:00.00aZ", "2026-4-01T12:00:00.0000Z", "2026-00-01T12:00:00.000Z", "20260-4-1T12:00:00.000Z"].map((at) => `"${at}"`),
  ...[15, 16, 17, 31, 32, 33, 255, 256, 257, 4095, 4096, 4097].map((length) => long(length)),
  ...[128, 129, 2048, 2049].map((length) => long(length, "é")),
  `"${"\\n".repeat(200)}"`,
  "[".repeat(63) + "]".repeat(63),
  "[".repeat(64) + "]".repeat(64),
  '{"a":'.repeat(70) + "1" + "}".repeat(70),
  '{"usage":{"output_tokens":9},"message":{"id":"decoy"},"file_path":"/decoy","type":"tool_use"}',
  '[{"type":"tool_use","name":"Edit","input":{"file_path":"/one"}},{"type":"tool_use","name":"Write","input":{"file_path":"/two"}}]',
  '[{"input":{"notebook_path":"/nb"},"name":"NotebookEdit","type":"tool_use"},5,"x",null,[{"type":"tool_use"}]]',
  `[${Array.from({ length: 150 }, (_, n) => `{"type":"tool_use","name":"Edit","input":{"file_path":"/${n}"}}`).join(",")}]`,
  '"\\"usage\\":{\\"output_tokens\\":5}"',
];

const BLANKS = ["", "", "", " ", "\t", "\r", "  \t ", "\f", "\u00a0", "\v"];

function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return value.map(treeOf);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return { entries: Object.entries(value).map(([name, inner]) => [name, treeOf(inner)]) };
}

function textOf(tree: Tree, blank: () => string): string {
  if (typeof tree === "string") return tree;
  const inside = Array.isArray(tree)
    ? tree.map((value) => blank() + textOf(value, blank))
    : tree.entries.map(([name, value]) => `${blank()}"${name}"${blank()}:${blank()}${textOf(value, blank)}${blank()}`);
  return Array.isArray(tree) ? `[${inside.join(",")}]` : `{${inside.join(",")}}`;
}

function objectsIn(tree: Tree): { entries: [string, Tree][] }[] {
  if (typeof tree === "string") return [];
  if (Array.isArray(tree)) return tree.flatMap(objectsIn);
  return [tree, ...tree.entries.flatMap(([, value]) => objectsIn(value))];
}

type Change = readonly [kind: number, where: number, what: number, other: number];

/** One change to a tree; the numbers choose. */
function change(tree: Tree, [kind, where, what, other]: Change): void {
  const objects = objectsIn(tree);
  const object = objects[where % Math.max(1, objects.length)];
  if (object === undefined) return;
  const { entries } = object;
  const at = what % Math.max(1, entries.length);
  const entry = entries[at];
  const value = VALUES[other % VALUES.length] as Tree;
  const name = NAMES[other % NAMES.length] as string;
  if (kind === 0 || entry === undefined) entries.splice(at, 0, [name, VALUES[what % VALUES.length] as Tree]);
  else if (kind <= 3) entry[1] = value;
  else if (kind === 4) entry[0] = name;
  else if (kind === 5) entries.splice(at, 1);
  else if (kind === 6) entries.push([entry[0], value]);
  else if (kind === 7) entries.reverse();
  else entries.push([name, structuredClone((objects[other % objects.length] as Tree) ?? "0")]);
}

const natural = fc.nat({ max: 5000 });
const changes = fc.array(fc.tuple(fc.nat({ max: 8 }), natural, natural, natural), { maxLength: 4 });

/** Mostly lines that hold a record, or did before they were changed. */
export const oddLine: fc.Arbitrary<string> = fc
  .record({
    serial: fc.nat({ max: 3 }),
    told: fc.boolean(),
    edits: fc.nat({ max: 3 }),
    changes,
    blanks: fc.option(fc.array(natural, { minLength: 1 })),
  })
  .map(({ serial, told, edits, changes: made, blanks }) => {
    const response = {
      cwd: `/code/repo-${serial}`,
      session: `session-${serial % 2}`,
      atMs: Date.UTC(2026, 3, 1 + serial),
      id: `msg_${serial}`,
      requestId: `req_${serial}`,
      input: 3,
      output: 100 + serial,
      write5m: 40,
      edits: Array.from({ length: edits }, (_, n) => `/code/repo-${serial}/${n}.ts`),
    };
    const tree = treeOf(JSON.parse(told ? progressLine(response) : claudeLine(response)));
    for (const one of made) change(tree, one);
    let nth = 0;
    const blank = () =>
      blanks === null ? "" : (BLANKS[(blanks[nth++ % blanks.length] as number) % (nth % 50 === 0 ? BLANKS.length : 7)] as string);
    return textOf(tree, blank);
  });

/** Several lines as the bytes of a file. */
export const oddLog: fc.Arbitrary<Buffer> = fc
  .record({ lines: fc.array(oddLine, { minLength: 1, maxLength: 8 }), ended: fc.boolean() })
  .map(({ lines, ended }) => Buffer.from(lines.join("\n") + (ended ? "\n" : "")));

/** The same with bytes that were changed, put in, or lost. */
export const brokenLog: fc.Arbitrary<Buffer> = fc
  .tuple(oddLog, fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }))
  .map(([log, faults]) => {
    let bytes = log;
    for (const [kind, where, byte] of faults) {
      const at = where % (bytes.length + 1);
      if (kind === 0) bytes[Math.min(at, bytes.length - 1)] = byte;
      else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)]);
      else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + (byte % 9))]);
      else if (at > 0 && at < bytes.length) bytes[at] = (bytes[at] as number) ^ (1 << (byte % 8));
      if (bytes.length === 0) return bytes;
    }
    return bytes;
  });
