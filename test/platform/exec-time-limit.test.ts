import { expect, test } from "vitest";
import { run } from "../../src/platform/exec.ts";

test("a program that runs out of time is not waited for, even when its own child keeps the pipes open", async () => {
  // The grandchild would hold stdout for longer than this test may take.
  const result = await run("sh", ["-c", "sleep 90 & wait"], { env: { PATH: process.env["PATH"] }, timeoutMs: 300 });
  expect(result.code).toBe(124);
});
