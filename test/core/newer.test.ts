import { expect, test } from "vitest";
import { isNewer, versionIn } from "../../src/core/newer.ts";

test("versions are ordered as semver.org orders them", () => {
  // The specification's own example, with what it says of numbers.
  const order =
    "0.9.9 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 1.2.0 1.10.0 2.0.0";
  const versions = order.split(" ");
  for (const [at, older] of versions.entries()) {
    expect(versions.filter((other) => isNewer(other, older))).toEqual(versions.slice(at + 1));
  }
  expect([isNewer("1.0.0+b", "1.0.0+a"), isNewer("latest", "1.0.0"), isNewer("2.0.0", "")]).toEqual([false, false, false]);
});

test.each([
  ['{"version":"1.2.3"}', "1.2.3"],
  ['{"version":"v1.2.3-rc.1"}', "1.2.3-rc.1"],
  ['{"version":"1.2.3\\u001b[31m"}', null],
  ['{"version":4}', null],
  ["null", null],
  ["<html>", null],
])("the version in %s", (answer, version) => expect(versionIn(answer)).toBe(version));
