/** Roo Code, made of Cline. */
import { wholePromptSince } from "./vscode-whole-prompt.ts";
import type { Source } from "./source.ts";
import { vscodeTasks } from "./vscode-tasks.ts";

export const roo: Source = vscodeTasks({
  id: "roo",
  name: "Roo Code",
  extension: "rooveterinaryinc.roo-cline",
  // 3.29.5 (RooCodeInc/Roo-Code#8954)
  input: wholePromptSince(Date.UTC(2025, 10, 1)),
});
