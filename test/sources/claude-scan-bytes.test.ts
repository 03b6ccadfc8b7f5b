/** The scan of lines against JSON.parse, byte by byte: every byte in every kind of place, and times at the edges of what is valid. */
import { describe, expect, test } from "vitest";
import { claudeLine } from "../helpers/agent.ts";
import { readBoth } from "./scanned.ts";

const GOOD = claudeLine({ cwd: "/w", output: 5, edits: ["/w/a.ts"] });
const NEWLINE = 10;

/** One line for each byte, with that byte in the place of `#`. */
function everyByte(line: string): Buffer {
  const [before, after] = line.split("#").map((part) => Buffer.from(part));
  const bytes = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== NEWLINE);
  return Buffer.concat(bytes.flatMap((byte) => [before as Buffer, Buffer.from([byte]), after as Buffer, Buffer.from("\n")]));
}

describe("every byte", () => {
  test.each([
    ["in a text that is passed over", GOOD.replace("SENTINEL", "SENT#INEL")],
    ["in a text that is kept", GOOD.replace('"cwd":"/w"', '"cwd":"/w#"')],
    ["in a word", GOOD.replace('"type":"tool_use"', '"type":"tool_us#"')],
    ["in a name that is wanted", GOOD.replace('"output_tokens"', '"outp#t_tokens"')],
    ["in a name of no interest", GOOD.replace('"userType"', '"user#Type"')],
    ["after a backslash", GOOD.replace("SENTINEL", "SENT\\#INEL")],
    ["after a backslash in a text that is kept", GOOD.replace('"cwd":"/w"', '"cwd":"\\#w"')],
    ["first in a code", GOOD.replace("SENTINEL", "\\u#041")],
    ["second in a code", GOOD.replace("SENTINEL", "\\u0#41")],
    ["third in a code", GOOD.replace("SENTINEL", "\\u00#1")],
    ["last in a code", GOOD.replace("SENTINEL", "\\u004#")],
    ["before the line", `#${GOOD}`],
    ["after the line", `${GOOD}#`],
    ["before a name", GOOD.replace('"usage"', '#"usage"')],
    ["before a colon", GOOD.replace('"usage":', '"usage"#:')],
    ["before a value", GOOD.replace('"usage":', '"usage":#')],
    ["after a value", GOOD.replace('"output_tokens":5', '"output_tokens":5#')],
    ["in a number", GOOD.replace('"output_tokens":5', '"output_tokens":1#2')],
    ["first in a number", GOOD.replace('"output_tokens":5', '"output_tokens":#')],
    ["in a number of no interest", GOOD.replace('"parentUuid":null', '"parentUuid":[1#0,-#1,0.#,1e#,0#]')],
    ["in true", GOOD.replace('"parentUuid":null', '"parentUuid":tru#')],
    ["in false", GOOD.replace('"parentUuid":null', '"parentUuid":fals#')],
    ["in null", GOOD.replace('"parentUuid":null', '"parentUuid":n#ll')],
    ["where an object ends", GOOD.replace(/\}$/, "#")],
    ["where a list ends", GOOD.replace('"parentUuid":null', '"parentUuid":[1#')],
    ["in a time", GOOD.replace(/("timestamp":"\d{4})-/, "$1#")],
    ["last in a time", GOOD.replace(/\dZ"/, '#Z"')],
    ["in the year", GOOD.replace(/"timestamp":"20\d/, '"timestamp":"20#')],
  ])("%s", (_, line) => {
    // Some of the places are several: one after another, the others with what is valid there.
    const places = line.split("#");
    for (let nth = 1; nth < places.length; nth++) {
      const marked = `${places.slice(0, nth).join("0")}#${places.slice(nth).join("0")}`;
      const { plain, scanned, known, left } = readBoth(everyByte(marked));
      expect(scanned).toStrictEqual(plain);
      expect(known + left).toBeGreaterThan(200);
    }
  });
});

test("times at the edges of what is valid", () => {
  const days =
    "2023-02-28 2023-02-29 2024-02-29 2024-02-30 2000-02-29 2099-02-29 2026-00-10 2026-13-10 2026-01-00 2026-01-31 2026-01-32".split(" ");
  const more =
    "2026-04-30 2026-04-31 2026-06-31 2026-09-31 2026-11-31 2026-12-31 2026-12-32 1999-12-31 2000-01-01 2099-12-31 2100-01-01".split(" ");
  const clocks =
    "00:00:00.000 23:59:59.999 24:00:00.000 24:00:00.001 24:30:00.000 10:60:00.000 10:00:60.000 10:00:61.000 25:00:00.000".split(" ");
  const times = [...days, ...more].flatMap((day) => clocks.map((clock) => `${day}T${clock}Z`));
  const spellings = [
    "2026-05-01t10:00:00.000Z",
    "2026-05-01T10:00:00.000z",
    "2026-05-01T10:00:00.00Z",
    "2026-05-01T10:00:00.0000Z",
    "2026-05-01",
  ];
  const lines = [...times, ...spellings].map((time) => GOOD.replace(/"timestamp":"[^"]*"/, `"timestamp":"${time}"`));
  const { plain, scanned, known } = readBoth(lines.map((line) => `${line}\n`).join(""));
  expect(scanned).toStrictEqual(plain);
  // 2023-02-28, 2024-02-29, 2000-02-29, 2026-01-31, 2026-04-30, 2026-12-31, 2000-01-01 and 2099-12-31, at the first two of the clocks.
  expect(known).toBe(8 * 2);
});

test("texts of every length end where they end", () => {
  const lines = Array.from({ length: 70 }, (_, length) =>
    claudeLine({
      cwd: `/${"x".repeat(length)}`,
      branch: "é".repeat(length),
      id: "m".repeat(length + 1),
      edits: [`${"y".repeat(length)}\\z`],
    }),
  );
  const { plain, scanned, known } = readBoth(lines.join("\n"));
  expect(scanned).toStrictEqual(plain);
  expect(plain.records.map(({ key }) => key.length)).toEqual(lines.map((_, length) => length + 1));
  expect(known).toBe(70);
});

test("a line without the word is passed over, however near to it the next one has it", () => {
  const without = GOOD.replace(/"usage":\{.*?\}.*?\}/, '"usage":{}');
  const lines = Array.from({ length: 33 }, (_, pad) => `${without}${" ".repeat(pad)}\n{"put_tokens":1}\n`);
  const { plain, scanned, known } = readBoth(lines.join(""));
  expect(readBoth(`${without.replace('"usage":{}', '"usage":{"put_tokens":1}')}\n`).plain.records).toHaveLength(1);
  expect(scanned).toStrictEqual(plain);
  expect(plain.records).toEqual([]);
  expect(known).toBe(33);
});
