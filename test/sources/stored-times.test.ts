/** Times as agents keep them in databases. */
import { expect, test } from "vitest";
import { storedTimeMs } from "../../src/sources/fields.ts";

const AT = Date.UTC(2026, 4, 1, 10, 0, 5);

test.each([
  ["2026-05-01 10:00:05", AT],
  ["2026-05-01 10:00:05.250", AT + 250],
  ["2026-05-01 10:00:05.123456789 UTC", AT + 123],
  ["2026-05-01T10:00:05Z", AT],
  ["2026-05-01T12:00:05+02:00", AT],
  ["2026-05-01 10:00:05+00:00", AT],
  [AT, AT],
  [AT / 1000, AT],
  [AT / 1000 + 0.25, AT + 250],
])("%s is understood, whatever the time zone here", (value, expected) => expect(storedTimeMs(value)).toBe(expected));

test.each(["", "yesterday", "2026-05-01", "2026-13-01 10:00:05", "2026-05-01 10:00:05 CET", 5, -1, 1e300, null, undefined, {}, true])(
  "%s is no time",
  (value) => expect(storedTimeMs(value)).toBeNull(),
);
