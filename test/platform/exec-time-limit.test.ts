import { dirname } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../src/platform/exec.ts";

test("a program that runs out of time is not waited for, even when its own child keeps the pipes open", async () => {
  // The grandchild would hold stdout for longer than this test may take.
  const result = await run("sh", ["-c", "sleep 90 & wait"], { env: { PATH: process.env["PATH"] }, timeoutMs: 300 });
  expect(result.code).toBe(124);
});

test("a program that cannot be started is a result, also in a folder that is a file", async () => {
  const env = { PATH: process.env["PATH"] };
  expect(await run("true", [], { cwd: process.execPath, env })).toMatchObject({
    code: 127,
    stderr: expect.stringContaining("ENOTDIR") as string,
  });
  // A PATH of one folder: in a folder that is closed to this user the program might be, and the system says so.
  expect(await run("there-is-no-such-program", [], { env: { PATH: dirname(process.execPath) } })).toMatchObject({
    code: 127,
    stderr: expect.stringContaining("ENOENT") as string,
  });
});
