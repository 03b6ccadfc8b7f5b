import { appendFileSync, utimesSync } from "node:fs";
import { expect, it } from "vitest";
import { commitMapPath, readCommitMap } from "../../src/git/commit-map.ts";
import { sandbox } from "../helpers/sandbox.ts";

it("a commit map is read once, and only lines that name two commits count", () => {
  const box = sandbox();
  const [one, two, three] = ["1", "2", "3"].map((digit) => digit.repeat(40)) as [string, string, string];
  const long = "4".repeat(64);
  const lines = [
    `${"old".padEnd(40)} new`,
    `${one} ${two}`,
    `${two} ${"0".repeat(40)}`,
    `${three} ${three}`,
    `${three} ${two} ${one}`,
    `${three} ${long}`,
    `${three.slice(1)} ${two}`,
    `${"A".repeat(40)} ${two}`,
    "x".repeat(3_000_000),
    `${long} ${"5".repeat(64)}`,
    `${three} ${one}`,
  ];
  box.write(box.dir, ".git/filter-repo/commit-map", lines.join("\n"));
  const path = commitMapPath(`${box.dir}/.git`);
  const map = readCommitMap(path, null, (sha) => sha !== two);
  expect(map?.pairs).toEqual([
    { oldSha: one, newSha: two },
    { oldSha: long, newSha: "5".repeat(64) },
    { oldSha: three, newSha: one },
  ]);
  const cursor = map?.cursor ?? null;
  expect(readCommitMap(path, cursor, () => true)).toBeNull();
  // The same content with another time: read, but nothing in it is new.
  utimesSync(path, 1, 1);
  expect(readCommitMap(path, cursor, () => true)?.pairs).toEqual([]);
  appendFileSync(path, `\n${two} ${three}\n`);
  expect(readCommitMap(path, cursor, (sha) => sha === two)?.pairs).toEqual([{ oldSha: two, newSha: three }]);
  expect(readCommitMap(`${path}-none`, null, () => true)).toBeNull();
});
