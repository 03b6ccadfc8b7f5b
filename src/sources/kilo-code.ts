/** Kilo Code for VS Code, made of Roo Code. Its command line program keeps a database, which is a source of its own. */
import { wholePromptSince } from "./vscode-whole-prompt.ts";
import type { Source } from "./source.ts";
import { vscodeTasks } from "./vscode-tasks.ts";

export const kiloCode: Source = vscodeTasks({
  id: "kilo-code",
  name: "Kilo Code",
  extension: "kilocode.kilo-code",
  // 4.119.0
  input: wholePromptSince(Date.UTC(2025, 10, 12)),
});
