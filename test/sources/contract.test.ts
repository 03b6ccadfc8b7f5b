/** What every source must do, held against its fixture: the same tests for all. A new source is in them by its folder alone. */
import { appendFileSync, cpSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { SOURCES } from "../../src/sources/index.ts";
import type { SourceRecord } from "../../src/core/record.ts";
import type { Sandbox } from "../helpers/sandbox.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { SENTINEL } from "../helpers/agent.ts";
import { collectIn, query } from "../flow/stored.ts";
import { type Expected, FIXTURE_IDS, fixture, hasDatabase, layOut, stored, takeAway, wanted } from "./fixture.ts";

const only = (id: string) => ({ sources: [id] });
const collectOne = (box: Sandbox, id: string) => collectIn(box, undefined, only(id));

test("every source has a fixture, and every fixture a source", () => {
  expect(FIXTURE_IDS).toEqual(SOURCES.map(({ id }) => id).toSorted());
});

describe.each(FIXTURE_IDS)("%s", (id) => {
  test("its fixture comes to what was worked out by hand, once and twice, and no content is kept", async () => {
    const box = sandbox();
    const files = layOut(id, box.home);
    const made = fixture(id);
    expect(await collectOne(box, id)).toMatchObject({ newRecords: made.records.length, errors: [] });
    expect(stored(box)).toEqual(wanted(made));
    expect(query(box, "SELECT * FROM skipped")).toHaveLength(made.skipped);
    expect(await collectOne(box, id)).toMatchObject({ newRecords: 0, grownRecords: 0, filesRead: 0 });
    expect(files.some((file) => readFileSync(file).includes(SENTINEL))).toBe(true);
    expect(readFileSync(box.db).includes(SENTINEL)).toBe(false);
  });

  test("edited files and estimates are told as they stand in the log", () => {
    const box = sandbox();
    layOut(id, box.home);
    const told = (record: Expected) => [record.at, record.session, record.output ?? 0, record.files ?? [], record.approximate ?? false];
    const records = read(id, box);
    const found = records.map((record) =>
      told({
        ...record,
        at: new Date(record.atMs).toISOString(),
        session: record.sessionId,
        output: record.counters.output,
        files: [...record.files],
      }),
    );
    const texts = (rows: unknown[][]) => rows.map((row) => JSON.stringify(row)).toSorted();
    expect(texts(found)).toEqual(texts(fixture(id).records.map(told)));
  });

  test("a copy of its folder adds nothing", async () => {
    const box = sandbox();
    layOut(id, box.home);
    const made = fixture(id);
    await collectOne(box, id);
    const copy = join(box.dir, "copy");
    cpSync(join(box.home, made.root), copy, { recursive: true, preserveTimestamps: true });
    mkdirSync(box.bobaHome, { recursive: true });
    writeFileSync(join(box.bobaHome, "settings.yaml"), `sources:\n  ${id}:\n    paths: [${JSON.stringify(copy)}]\n`);
    const result = await collectOne(box, id);
    expect(result.files).toBeGreaterThan(0);
    expect(result).toMatchObject({ newRecords: 0, errors: [] });
    expect(stored(box)).toEqual(wanted(made));
  });

  test("when the logs are deleted, the records stay", async () => {
    const box = sandbox();
    const files = layOut(id, box.home);
    await collectOne(box, id);
    takeAway(files);
    expect(await collectOne(box, id)).toMatchObject({ newRecords: 0, grownRecords: 0, errors: [] });
    expect(stored(box)).toEqual(wanted(fixture(id)));
  });

  test("logs that are written while they are read come to the same", async () => {
    const box = sandbox();
    const made = fixture(id);
    const files = layOut(id, box.home);
    const logs = files.filter((file) => file.endsWith(".jsonl"));
    const whole = new Map(logs.map((file) => [file, readFileSync(file)]));
    for (const file of logs) writeFileSync(file, "");
    const last = files
      .filter((file) => made.last !== undefined && file.endsWith(made.last))
      .map((file) => [file, readFileSync(file)] as const);
    takeAway(last.map(([file]) => file));
    await collectOne(box, id);
    const writtenAt = new Date("2026-05-20T12:00:00.000Z");
    for (const [file, bytes] of whole) {
      for (const [from, till] of [
        [0, 0.3],
        [0.3, 0.55],
        [0.55, 1],
      ] as const) {
        appendFileSync(file, bytes.subarray(Math.floor(bytes.length * from), Math.floor(bytes.length * till)));
        utimesSync(file, writtenAt, writtenAt);
        expect(await collectOne(box, id)).toMatchObject({ errors: [] });
      }
    }
    for (const [file, bytes] of last) {
      writeFileSync(file, bytes);
      utimesSync(file, writtenAt, writtenAt);
    }
    expect(await collectOne(box, id)).toMatchObject({ errors: [] });
    expect(stored(box)).toEqual(wanted(made));
  });

  test("wrong types, missing fields and huge numbers are passed over or skipped, never thrown", async () => {
    const box = sandbox();
    const logs = layOut(id, box.home).filter((file) => /\.jsonl?$/.test(file));
    for (const [at, file] of logs.entries()) {
      const text = readFileSync(file, "utf8");
      const lines = file.endsWith(".jsonl") ? text.split("\n").filter((line) => line !== "") : [text];
      const bad = lines.flatMap((line, nth) => Array.from({ length: 8 }, (_, dice) => spoil(line, at * 977 + nth * 31 + dice)));
      if (file.endsWith(".jsonl")) writeFileSync(file, `${[...bad, ...lines].join("\n")}\n`);
      else writeFileSync(file, bad[at % bad.length] as string);
      expect(await collectOne(box, id), file).toMatchObject({ errors: [] });
    }
    expect(await collectOne(box, id)).toMatchObject({ errors: [] });
    const [{ broken }] = query<{ broken: number }>(
      box,
      `SELECT count(*) AS broken FROM usage_records WHERE min(input_tokens, output_tokens, reasoning_tokens, cache_read_tokens) < 0
         OR max(input_tokens, output_tokens, cache_read_tokens) > 1e12 OR ts < 946684800`,
    ) as [{ broken: number }];
    expect(broken).toBe(0);
    expect(readFileSync(box.db).includes(SENTINEL)).toBe(false);
  });
});

describe.each(FIXTURE_IDS.filter(hasDatabase))("%s, a database", (id) => {
  test("locked by its agent: the others are collected, it is reported, and read the next time", async () => {
    const box = sandbox();
    const files = layOut(id, box.home);
    layOut("claude-code", box.home);
    const locks = files.filter((file) => /\.(db|sqlite)$/.test(file)).map((file) => new Database(file));
    for (const db of locks) db.exec("BEGIN EXCLUSIVE");
    const sources = { sources: [...new Set([id, "claude-code"])] };
    const first = await collectIn(box, undefined, sources);
    expect(first.errors).toEqual([]);
    expect(query(box, "SELECT * FROM usage_records WHERE tool = 'claude-code'")).toHaveLength(fixture("claude-code").records.length);
    expect(query(box, "SELECT reason FROM skipped WHERE line = 0")).toEqual(locks.map(() => ({ reason: "cannot be read (SQLITE_BUSY)" })));
    for (const db of locks) db.close();
    const then = await collectIn(box, undefined, sources);
    expect(then.errors).toEqual([]);
    expect(first.newRecords + then.newRecords).toBe(fixture("claude-code").records.length + fixture(id).records.length);
    expect(query(box, "SELECT reason FROM skipped WHERE line = 0")).toEqual([]);
  });
});

/** What the source itself hands over, merged by key as the ledger merges it. */
function read(id: string, box: Sandbox): SourceRecord[] {
  const source = SOURCES.find((one) => one.id === id) as (typeof SOURCES)[number];
  const { files } = source.discover({ env: box.env, home: box.home, extraPaths: [] });
  const byKey = new Map<string, SourceRecord[]>();
  for (const file of files.toSorted((a, b) => a.birthtimeMs - b.birthtimeMs || (a.path < b.path ? -1 : 1))) {
    const record = (next: SourceRecord) => {
      const same = byKey.get(next.key) ?? [];
      byKey.set(next.key, same);
      const known = same.find(({ variant }) => variant === next.variant || variant === null || next.variant === null);
      if (known === undefined) same.push(next);
      else {
        if (known.variant === null) Object.assign(known, { variant: next.variant, sessionId: next.sessionId });
        known.counters.output = Math.max(known.counters.output, next.counters.output);
        known.atMs = Math.min(known.atMs, next.atMs);
        known.files = [...new Set([...known.files, ...next.files])];
      }
    };
    for (const _ of source.read(file, null, { record, total: record, skip: () => {}, restart: () => {} }, files));
  }
  return [...byKey.values()].flat();
}

const ODD: readonly unknown[] = [null, -1, 1e300, 0.5, "", "x".repeat(5000), [], {}, true, "2026-99-99T00:00:00Z", [null], { a: [{}] }];

/** Puts something odd in place of one value somewhere in a JSON text. */
function spoil(json: string, dice: number): string {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    return json.slice(0, dice % json.length);
  }
  const holders: [Record<string, unknown>, string][] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const name of Object.keys(value)) {
      holders.push([value as Record<string, unknown>, name]);
      walk((value as Record<string, unknown>)[name]);
    }
  };
  walk(document);
  const [holder, name] = holders[(dice * 7919) % Math.max(1, holders.length)] ?? [{}, ""];
  holder[name] = ODD[dice % ODD.length];
  return JSON.stringify(document);
}
