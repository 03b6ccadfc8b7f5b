/** How Codex's cumulative counters become responses: falls, responses with ids, forks, patches. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codex } from "../../src/sources/codex.ts";
import { countLine, line, metaLine, patchLine, turnLine, type Usage, usageLine, zeroUsage } from "../helpers/codex-lines.ts";
import { homeWith, scan } from "./scan.ts";

const AT = Date.UTC(2026, 4, 10, 8);
const id = (n: number) => `019ae000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const path = (n: number) => `.codex/sessions/2026/05/10/rollout-2026-05-10T08-00-00-${id(n)}.jsonl`;
const usage = (input: number, output: number): Usage => ({ ...zeroUsage(), input, output });
/** `[total input, total output, last input, last output]`, a second later each. */
const counts = (steps: [number, number, number, number][], fromMs = AT) =>
  steps.map(([input, output, lastInput, lastOutput], n) =>
    countLine(fromMs + (n + 1) * 1000, usage(input, output), usage(lastInput, lastOutput)),
  );
const spawnedBy = (n: number) => ({ source: { subagent: { thread_spawn: { parent_thread_id: id(n), depth: 1 } } } });
const told = (home: string) =>
  scan(codex, home).records.map(({ sessionId, counters }) => [Number(sessionId.slice(-2)), counters.input, counters.output]);

test("a total that fell is billed by its last response, without one as it stands, and not for what was told before", () => {
  const steps: [number, number, number, number][] = [
    [1000, 10, 1000, 10],
    [3000, 30, 2000, 20],
    [500, 5, 400, 4],
    [900, 9, 400, 4],
    [300, 3, 400, 4],
    [0, 0, 0, 0],
    [70, 7, 70, 7],
    [50, 5, 0, 0],
  ];
  expect(told(homeWith({ [path(1)]: [metaLine(AT, id(1)), ...counts(steps)] }))).toEqual([
    [1, 1000, 10],
    [1, 2000, 20],
    [1, 400, 4],
    [1, 400, 4],
    [1, 70, 7],
    [1, 50, 5],
  ]);
});

test("a response told by its own record and by the total counts once, whichever comes first; one that never reaches the total counts too", () => {
  const [first, second, third] = counts([
    [100, 10, 100, 10],
    [300, 30, 200, 20],
    [600, 60, 300, 30],
  ]);
  const record = (response: string, input: number, output: number, thread = 1) =>
    usageLine(AT + 500, id(thread), response, usage(input, output));
  const lines = [
    metaLine(AT, id(1)),
    record("a", 100, 10),
    first,
    second,
    record("b", 200, 20),
    record("compact", 5000, 50),
    second,
    record("c", 300, 30),
    third,
    record("x", 9, 9, 2),
  ];
  expect(told(homeWith({ [path(1)]: lines }))).toEqual([
    [1, 100, 10],
    [1, 200, 20],
    [1, 5000, 50],
    [1, 300, 30],
  ]);
});

test("siblings with the very same counters are two, and their parent's part is neither's", () => {
  const parent = counts([
    [100, 10, 100, 10],
    [300, 30, 200, 20],
  ]);
  const child = (n: number) => {
    const bornMs = AT + 60_000;
    const replayed = parent.map((made) => ({ ...made, timestamp: new Date(bornMs + 5).toISOString() }));
    return [metaLine(bornMs, id(n), spawnedBy(1)), metaLine(bornMs, id(1)), ...replayed, ...counts([[400, 40, 100, 10]], bornMs + 9000)];
  };
  expect(told(homeWith({ [path(1)]: [metaLine(AT, id(1)), ...parent], [path(2)]: child(2), [path(3)]: child(3) }))).toEqual([
    [1, 100, 10],
    [1, 200, 20],
    [2, 100, 10],
    [3, 100, 10],
  ]);
});

test("where a fork's own part begins: its parent's log, else the time, else its number", () => {
  const bornMs = AT + 3_600_000;
  const parent = [metaLine(AT, id(1)), ...counts([[100, 10, 100, 10]]), ...counts([[900, 90, 800, 80]], bornMs + 60_000)];
  const [own] = counts([[150, 15, 50, 5]], bornMs + 600) as [ReturnType<typeof countLine>];
  const [old] = counts([[100, 10, 100, 10]], bornMs) as [ReturnType<typeof countLine>];
  const home = homeWith({
    [path(1)]: parent,
    // As quick as a repetition, and not among its parent's.
    [path(2)]: [metaLine(bornMs, id(2), { forked_from_id: id(1) }), old, own],
    // Starts with its own counters, in which the parent has no part.
    [path(3)]: [metaLine(bornMs, id(3), spawnedBy(1)), ...counts([[70, 7, 70, 7]], bornMs)],
    // Goes on from its parent's without repeating them.
    [path(4)]: [metaLine(bornMs, id(4), { forked_from_id: id(1), history_base: { thread_id: id(1) } }), own],
    // The same total as one that its parent reached later.
    [path(5)]: [metaLine(bornMs, id(5), { forked_from_id: id(1) }), old, ...counts([[900, 90, 800, 80]], bornMs + 5000)],
    // Repeated under its old time, and by its number.
    [path(6)]: [metaLine(bornMs, id(6), { forked_from_id: id(99) }), ...parent.slice(1, 2), ...counts([[120, 12, 20, 2]], bornMs + 8000)],
    [path(7)]: [
      metaLine(bornMs, id(7), { ...spawnedBy(99), subagent_history_start_ordinal: 2 }),
      { ...old, timestamp: own.timestamp, ordinal: 1 },
      { ...own, ordinal: 2 },
    ],
  });
  expect(told(home).slice(2)).toEqual([
    [2, 50, 5],
    [3, 70, 7],
    [4, 50, 5],
    [5, 800, 80],
    [6, 20, 2],
    [7, 50, 5],
  ]);
  rmSync(join(home, path(1)));
  // Without the log, what comes within two seconds of the start is taken for the parent's; sooner that than twice.
  expect(told(home).filter(([n]) => n === 2 || n === 3 || n === 5)).toEqual([[5, 800, 80]]);
});

test("a patch names its files however it is applied, and nothing but its own lines does", () => {
  const patch =
    "*** Begin Patch\n*** Update File: a.ts\n@@\n *** Add File: no.ts\n+*** Delete File: no.ts\n*** Move to: b.ts\n*** End Patch";
  const call = (payload: Record<string, unknown>) => line(AT, "response_item", payload);
  const shell = (args: unknown) => call({ type: "function_call", name: "shell", arguments: JSON.stringify(args) });
  const heredoc = `apply_patch <<'EOF'\n${patch}\nEOF`;
  const edited = (made: unknown) =>
    scan(codex, homeWith({ [path(1)]: [metaLine(AT, id(1)), made, ...counts([[1, 1, 1, 1]])] })).records[0]?.files;
  expect(edited(patchLine(AT, "x y.ts"))).toEqual(["x y.ts"]);
  expect(edited(call({ type: "function_call", name: "apply_patch", arguments: JSON.stringify({ input: patch }) }))).toEqual([
    "a.ts",
    "b.ts",
  ]);
  expect(edited(shell({ command: ["apply_patch", patch] }))).toEqual(["a.ts", "b.ts"]);
  expect(edited(shell({ command: ["bash", "-lc", heredoc], workdir: "/code/sub" }))).toEqual(["/code/sub/a.ts", "/code/sub/b.ts"]);
  expect(edited(shell({ cmd: `cd "my dir" && ${heredoc}`, workdir: "/code" }))).toEqual(["/code/my dir/a.ts", "/code/my dir/b.ts"]);
  expect(edited(call({ type: "local_shell_call", action: { type: "exec", command: ["apply_patch", patch] } }))).toEqual(["a.ts", "b.ts"]);
  const program = `await tools.apply_patch("${patch.replaceAll("\n", "\\n")}");`;
  expect(edited(call({ type: "custom_tool_call", name: "exec", input: program }))).toEqual(["a.ts", "b.ts"]);
  expect(edited(shell({ command: ["cat", patch] }))).toEqual([]);
  expect(edited(call({ type: "function_call_output", output: heredoc }))).toEqual([]);
});

test("what a fork repeats of its parent's edits is not its own", () => {
  const bornMs = AT + 60_000;
  const [old] = counts([[100, 10, 100, 10]]) as [ReturnType<typeof countLine>];
  const home = homeWith({
    [path(1)]: [metaLine(AT, id(1)), patchLine(AT, "parent.ts"), old],
    [path(2)]: [
      metaLine(bornMs, id(2), { forked_from_id: id(1) }),
      patchLine(bornMs, "parent.ts"),
      old,
      patchLine(bornMs, "late.ts"),
      turnLine(bornMs, "gpt-5.4"),
      patchLine(bornMs, "own.ts"),
      ...counts([[150, 15, 50, 5]], bornMs + 9000),
    ],
  });
  expect(scan(codex, home).records.map(({ files }) => files)).toEqual([["parent.ts"], ["own.ts"]]);
});
