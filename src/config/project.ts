/** The one thing of `.boba-project.yaml` that collecting asks for, in every worktree: cheap, and silent about what is wrong. */
import { BobaError } from "../core/errors.ts";
import { MAX_PROJECT_NAME, readProjectText } from "./project-file.ts";
import { parseYaml } from "./yaml-file.ts";

/** `project.name` of the file at a worktree's root; null when there is no file or no usable name in it. */
export async function readProjectName(root: string): Promise<string | null> {
  try {
    const text = readProjectText(root);
    if (text === null) return null;
    const { document } = parseYaml(await import("yaml"), root, text, true);
    const name: unknown = document.getIn(["project", "name"]);
    const usable = typeof name === "string" && name.length > 0 && name.length <= MAX_PROJECT_NAME && !/[\u0000-\u001f\u007f]/.test(name);
    return usable ? name : null;
  } catch (error) {
    // The repository's own name serves; `boba doctor` says what is wrong with the file.
    if (error instanceof BobaError) return null;
    throw error;
  }
}
