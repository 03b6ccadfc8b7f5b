import { describe, expect, it } from "vitest";
import { displayWidth, pad, printable, safeJson, truncate } from "../../src/core/text.ts";

describe("text of others", () => {
  it("spells out what steers a terminal", () => {
    expect(printable("a\u001b[31mred")).toBe("a\\u001b[31mred");
    expect(printable("\u009b2J\u0007")).toBe("\\u009b2J\\u0007");
    expect(printable("x\u202egnp.exe\u2066")).toBe("x\\u202egnp.exe\\u2066");
    expect(printable("tag\u{e0041}")).toBe("tag\\u{e0041}");
    expect(printable("half\ud800")).toBe("half\\ud800");
    expect(printable("one\r\ntwo\tthree")).toBe("one two three");
    expect(printable("fährt 日本 🚀")).toBe("fährt 日本 🚀");
  });

  it("keeps JSON the same value without raw controls", () => {
    const value = { branch: "x\u202ey\u009bz\u001b" };
    expect(safeJson(value)).not.toMatch(/[\u001b\u009b\u202e]/);
    expect(JSON.parse(safeJson(value))).toEqual(value);
  });

  it("measures what a terminal shows", () => {
    expect(displayWidth("abc")).toBe(3);
    expect(displayWidth("日本")).toBe(4);
    expect(displayWidth("e\u0301")).toBe(1);
    expect(displayWidth("🚀")).toBe(2);
  });

  it("shortens by columns, never half a character", () => {
    expect(truncate("feature", 7)).toBe("feature");
    expect(truncate("feature", 5)).toBe("feat…");
    expect(truncate("日本語", 4)).toBe("日…");
    expect(pad("日", 4, "right")).toBe("  日");
    expect(pad("ab", 4, "left")).toBe("ab  ");
  });
});
