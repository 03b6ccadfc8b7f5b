/** `.boba-project.yaml` lies in a repository and is written by others: it may name the project, and nothing here runs or fetches. */
import { join } from "node:path";
import { readIfThere } from "../platform/fs.ts";

const MAX_BYTES = 64 * 1024;
const MAX_NAME = 100;

/** `project.name` of the file at a worktree's root; null when there is no file or no usable name in it. */
export async function readProjectName(root: string): Promise<string | null> {
  let bytes: Buffer | null;
  try {
    bytes = readIfThere(join(root, ".boba-project.yaml"));
  } catch {
    return null; // a folder of that name, or no right to read it: the repository's own name serves
  }
  if (bytes === null || bytes.length > MAX_BYTES) return null;
  const { parseDocument } = await import("yaml");
  const document = parseDocument(bytes.toString("utf8"), { strict: true, logLevel: "silent" });
  if (document.errors.length > 0) return null;
  const name: unknown = document.getIn(["project", "name"]);
  return typeof name === "string" && name.length > 0 && name.length <= MAX_NAME && !/[\u0000-\u001f\u007f]/.test(name) ? name : null;
}
