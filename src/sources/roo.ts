/** Roo Code, made of Cline. */
import { wholePromptSince } from "./vscode-whole-prompt.ts";
import { vscodeTasks } from "./vscode-tasks.ts";

export const roo = vscodeTasks({
  id: "roo",
  name: "Roo Code",
  extension: "rooveterinaryinc.roo-cline",
  // 3.29.5 (RooCodeInc/Roo-Code#8954)
  input: wholePromptSince(Date.UTC(2025, 10, 1)),
});
