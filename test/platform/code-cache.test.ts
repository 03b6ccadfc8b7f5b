/** What was compiled once is used again, and only where it is surely ours and fits. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadKept } from "../../src/platform/code-cache.ts";
import { keepCode } from "../../src/platform/keep-code.ts";
import { BOBA, sandbox } from "../helpers/sandbox.ts";

const DAY_MS = 86_400_000;
const AT = new Date("2026-01-02T03:04:05Z");

/** A program that says its number, always of the same size and age: so a change of it shows whether its text was compiled. */
function program() {
  const { dir } = sandbox();
  const file = join(dir, "program.js");
  const folder = join(dir, "home", "cache");
  const holder: { said?: number } = {};
  Object.assign(globalThis, { heard: holder });
  return {
    folder,
    write(number: number) {
      writeFileSync(file, `const say = () => ${number};\nglobalThis.heard.said = say();\n`);
      utimesSync(file, AT, AT);
    },
    /** What the program says, and what it leaves for the next start. */
    run(now = Date.now()) {
      keepCode(loadKept(file, folder), now);
      return holder.said;
    },
    kept: () => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []),
  };
}

describe("compiled code that is kept", () => {
  it("is used by the next start", () => {
    const { write, run, kept } = program();
    write(1);
    expect(run()).toBe(1);
    expect(kept()).toHaveLength(1);
    write(2);
    expect(run()).toBe(1);
  });

  it("is not used when others may write it, when it is damaged, and when the text has another size", () => {
    const { write, run, kept } = program();
    write(1);
    run();
    const [file] = kept() as [string];
    chmodSync(file, 0o666);
    write(2);
    expect(run()).toBe(2);
    writeFileSync(file, readFileSync(file).subarray(0, 40));
    write(3);
    expect(run()).toBe(3);
    write(44);
    expect(run()).toBe(44);
    expect(kept()).toHaveLength(1);
  });

  it.each([0, 5, 40, 0.3, 0.6, -1])("is not used when one bit of it has changed (at %d)", (place) => {
    const { write, run, kept } = program();
    write(1);
    run();
    const [file] = kept() as [string];
    const bytes = readFileSync(file);
    const at = place < 0 ? bytes.length - 1 : place % 1 === 0 ? place : Math.floor(bytes.length * place);
    const sound = Buffer.from(bytes);
    bytes[at] = (bytes[at] as number) ^ 4;
    writeFileSync(file, bytes);
    write(2);
    expect(run()).toBe(2);
    expect(readFileSync(file).equals(bytes) || readFileSync(file).equals(sound)).toBe(false);
  });

  it("stays beside that of another version, and goes when nobody has used it for a week", () => {
    const { folder, write, run, kept } = program();
    write(1);
    run();
    for (const [name, days] of [
      ["other", 2],
      ["older", 8],
    ] as const) {
      writeFileSync(join(folder, name), "x");
      const at = new Date(Date.now() - days * DAY_MS);
      utimesSync(join(folder, name), at, at);
    }
    run(Date.now() + 2 * 3_600_000);
    expect(kept()).toHaveLength(3);
    writeFileSync(kept().find((path) => path.endsWith(".js")) as string, "damaged");
    run();
    expect(kept().map((path) => path.slice(folder.length + 1))).toEqual(expect.arrayContaining(["other"]));
    expect(kept()).toHaveLength(2);
  });

  it("is made anew after a day, with what has been compiled since", () => {
    const { write, run, kept } = program();
    write(1);
    run();
    const [file] = kept() as [string];
    const old = new Date(Date.now() - 2 * DAY_MS);
    utimesSync(file, old, old);
    run();
    expect(statSync(file).mtimeMs).toBeGreaterThan(old.getTime() + DAY_MS);
  });

  it("is not the first thing in a home that nobody made, and no reason to fail where nothing may be written", () => {
    const { dir, env } = sandbox();
    const nowhere = join(dir, "none");
    const version = spawnSync(process.execPath, [BOBA, "version"], { env: { ...env, BOBA_HOME: nowhere }, encoding: "utf8" });
    expect([version.status, existsSync(nowhere)]).toEqual([0, false]);
    const taken = join(dir, "taken");
    mkdirSync(taken);
    writeFileSync(join(taken, "cache"), "a file");
    const again = spawnSync(process.execPath, [BOBA, "version"], { env: { ...env, BOBA_HOME: taken }, encoding: "utf8" });
    expect([again.status, again.stderr]).toEqual([0, ""]);
  });
});
