/** The scan of lines against JSON.parse: what both make of a log must be the same, whatever is in it. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { loadWasm } from "../../src/platform/wasm.ts";
import { useClaudeScan } from "../../src/sources/claude-code.ts";
import { claudeLine } from "../helpers/agent.ts";
import { makeCorpus, progressLine } from "../helpers/corpus.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { readClaude } from "./read.ts";
import { builtScan, readBoth } from "./scanned.ts";

const FIXTURES = fileURLToPath(new URL("fixtures/claude-code", import.meta.url));
const CHUNK = 1024 * 1024;

afterEach(() => useClaudeScan(null));

describe("what agents write", () => {
  test.each([1, 2, 3])("a corpus (seed %i) reads the same, and no line of it needs JSON.parse", (seed) => {
    const { files, usageLines } = makeCorpus(seed);
    const { plain, scanned, known, left } = readBoth(files.flatMap(({ lines }) => lines.map((line) => `${line}\n`)).join(""));
    expect(scanned).toStrictEqual(plain);
    expect(plain.records).toHaveLength(usageLines);
    // Each session asks 30 questions, which end with the word too.
    expect({ known, left }).toEqual({ known: usageLines + 6 * 30, left: 0 });
  });

  test("the fixtures read the same", () => {
    const logs = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"));
    expect(logs.length).toBeGreaterThan(0);
    for (const name of logs) {
      const { plain, scanned, known } = readBoth(readFileSync(join(FIXTURES, name)));
      expect(scanned).toStrictEqual(plain);
      expect(known).toBeGreaterThan(0);
    }
  });

  test.each([
    ["names beyond ASCII", claudeLine({ cwd: "/code/größe/費用", branch: "feat/naïve-😀", edits: ["/code/größe/ü.ts"] })],
    ["folders of Windows", claudeLine({ cwd: "C:\\Users\\me\\größe", edits: ["C:\\Users\\me\\a.ts"] })],
    ["escapes", claudeLine({ cwd: "/größe" }).replace("größe", "gr\\u00f6\\u00DFe\\/\\ud83d\\ude00\\ud83d")],
    ["bytes that are no UTF-8", Buffer.from(claudeLine({ cwd: "/\u00e9\u00ff" }), "latin1")],
    ["blanks", ` ${JSON.stringify(JSON.parse(claudeLine({ cwd: "/w" })), null, 1).replaceAll("\n", "\t\r ")} \r`],
    ["a response told to its parent", progressLine({ cwd: "/w", id: "msg_told", output: 9 })],
    ["an empty branch", claudeLine({ cwd: "/w", branch: "" })],
    ["no request id", claudeLine({ cwd: "/w", requestId: null })],
    ["decoys in a tool's input", withDecoys()],
  ])("needs no JSON.parse: %s", (_, line) => {
    const { plain, scanned, known, left } = readBoth(Buffer.concat([Buffer.from(line), Buffer.from("\n")]));
    expect(scanned).toStrictEqual(plain);
    expect(plain.records).toHaveLength(1);
    expect({ known, left }).toEqual({ known: 1, left: 0 });
  });
});

function withDecoys(): string {
  const line = JSON.parse(claudeLine({ cwd: "/w", output: 7 }));
  const decoy = {
    usage: { output_tokens: 1e6 },
    id: "no",
    model: "no",
    message: { id: "no" },
    file_path: "/no",
    input: { file_path: "/no" },
  };
  line.message.content.push({
    type: "tool_use",
    name: "Edit",
    id: "t",
    input: { edits: [decoy], note: JSON.stringify(decoy), file_path: "/yes" },
  });
  line.message.usage.iterations = [decoy.usage];
  line.toolUseResult = decoy;
  return JSON.stringify(line);
}

describe("lines that are left to JSON.parse, or refused by it", () => {
  const good = claudeLine({ cwd: "/w", output: 5 });
  const output = '"output_tokens":5';
  test.each([
    ["a name twice", good.replace(output, `${output},"output_tokens":6`)],
    ["a name twice, once escaped", good.replace(output, `${output},"output\\u005ftokens":6,"x_put_tokens":1`)],
    ["usage twice", good.replace('"usage":', '"usage":null,"usage":')],
    ["a fraction", good.replace(output, '"output_tokens":5.0')],
    ["an exponent", good.replace(output, '"output_tokens":5e2')],
    ["minus nought", good.replace(output, '"output_tokens":-0')],
    ["a nought before", good.replace(output, '"output_tokens":05')],
    ["too large a number", good.replace(output, '"output_tokens":1000000000001')],
    ["an infinite number", good.replace(output, '"output_tokens":1e999')],
    ["a counter in quotes", good.replace(output, '"output_tokens":"5"')],
    ["a byte-order mark", `\ufeff${good}`],
    ["a NUL between", good.replace(output, `\0${output}`)],
    ["a NUL in a text", good.replace("SENTINEL", "SENT\0INEL")],
    ["a bare tab in a text", good.replace("SENTINEL", "SENT\tINEL")],
    ["an escape that is none", good.replace("SENTINEL", "SENT\\xINEL")],
    ["half an escape", good.replace("SENTINEL", "SENT\\u12g4INEL")],
    ["an escaped type", good.replace('"assistant","uuid"', '"assist\\u0061nt","uuid"')],
    ["more edits than there are rows", claudeLine({ cwd: "/w", edits: Array.from({ length: 150 }, (_, n) => `/w/${n}.ts`) })],
    ["a comma too many", good.replace(output, `${output},`)],
    ["something after the end", `${good}}`],
    ["deep nesting", good.replace(output, `${output},"deep":${"[".repeat(200)}${"]".repeat(200)}`)],
    ["deep nesting that does not close", good.replace(output, `${output},"deep":${"[".repeat(60)}${"]".repeat(59)}`)],
    ["the wrong bracket", good.replace(output, `${output},"list":[1,2}`)],
    ["another spelling of time", good.replace(/\.(\d{3})Z/, ".$1+00:00")],
    ["a day that is not", good.replace(/"timestamp":"[^"]*"/, '"timestamp":"2026-02-30T10:00:00.000Z"')],
    ["a file name that is too long", claudeLine({ cwd: "/w", edits: ["/".padEnd(4097, "x")] })],
    ["an id that is too long", claudeLine({ cwd: "/w", id: "é".repeat(129) })],
    ["messages in both places", progressLine({ cwd: "/w" }).replace('"data":', '"message":{"id":"outer"},"data":')],
    ["no model", good.replace('"model":', '"models":')],
    ["a list", `[${good}]`],
    ["a piece", good.slice(0, -9)],
  ])("%s", (_, line) => {
    const { plain, scanned, known, left } = readBoth(`${line}\n${good}\n`);
    expect(scanned).toStrictEqual(plain);
    expect(plain.records.length + plain.skipped.length).toBe(2);
    expect({ known, left }).toEqual({ known: 1, left: 1 });
  });
});

describe("where the chunks of a file meet", () => {
  test("lines across them, and lines that are longer than a chunk", () => {
    const padded = (id: string, bytes: number) => {
      const line = claudeLine({ cwd: "/w", id });
      return line.replace("SENTINEL", "x".repeat(Math.max(0, bytes - line.length)));
    };
    const sizes = [CHUNK - 1, 2000, 700, CHUNK + 5, 3 * CHUNK, 900, ...Array.from({ length: 1500 }, (_, n) => 700 + ((n * 37) % 3000))];
    const lines = sizes.map((bytes, n) => padded(`msg_${n}`, bytes));
    const { plain, scanned, known } = readBoth(lines.join("\n"));
    expect(scanned).toStrictEqual(plain);
    expect(plain.records.map(({ key }) => key)).toEqual(sizes.map((_, n) => `msg_${n}`));
    // All but those that are longer, and what was read along with them.
    expect(known).toBeGreaterThan(1000);
  });

  test.each([0, 1, 2, 9, 15, 16, 17, 500])("the word %i bytes from the end of a chunk", (back) => {
    const line = claudeLine({ cwd: "/w", id: "msg_border" });
    const before = CHUNK - back - line.indexOf('put_tokens"') - 1;
    const { plain, scanned } = readBoth(`${"x".repeat(before)}\n${line}\n${line.replace("msg_border", "msg_after")}`);
    expect(scanned).toStrictEqual(plain);
    expect(plain.records.map(({ key }) => key)).toEqual(["msg_border", "msg_after"]);
  });

  test("reading goes on where it stopped, and a half-written line waits", () => {
    const file = join(sandbox().dir, "log.jsonl");
    const late = claudeLine({ cwd: "/w", id: "late" });
    useClaudeScan(builtScan());
    writeFileSync(file, `${claudeLine({ cwd: "/w", id: "a" })}\n${late.slice(0, -30)}`);
    const first = readClaude(file);
    appendFileSync(file, `${late.slice(-30)}\n`);
    const second = readClaude(file, first.position);
    expect([first, second].map(({ records, skipped }) => [records.map(({ key }) => key), skipped])).toEqual([
      [["a"], []],
      [["late"], []],
    ]);
  });
});

test("without the module, or with a damaged one, all is read as before", () => {
  const file = join(sandbox().dir, "damaged.wasm");
  expect(loadWasm(file)).toBeNull();
  writeFileSync(file, "\0asm\u0001\0\0\0damaged");
  expect(loadWasm(file)).toBeNull();
});
