/** Changes single values of `settings.yaml` and leaves the rest, comments included, as its owner wrote it. */
import { realpathSync } from "node:fs";
import type { Paths } from "../platform/paths.ts";
import { hasCode, readIfThere, writeFileAtomic } from "../platform/fs.ts";
import { loadSettings } from "./settings.ts";

/**
 * Sets (or, with undefined, removes) the value at `path` (e.g. `["sources", "codex", "enabled"]`). A file that is a link stays one.
 * @throws BobaError BOBA-CFG-1 to -4 when the file is not valid before the change; it is then left alone.
 */
export async function editSettings(paths: Paths, path: readonly string[], value: unknown): Promise<void> {
  await loadSettings(paths);
  const { parseDocument } = await import("yaml");
  const text = readIfThere(paths.settings)?.toString("utf8") ?? "";
  const document = parseDocument(text);
  if (document.contents === null) {
    // Nothing but comments: they stay in front of what is added.
    const added = parseDocument("");
    added.setIn(path, value);
    writeFileAtomic(
      target(paths.settings),
      value === undefined ? text : `${text === "" ? "" : `${text.trimEnd()}\n\n`}${added.toString()}`,
      0o600,
    );
    return;
  }
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, value);
  writeFileAtomic(target(paths.settings), document.toString(), 0o600);
}

function target(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return path;
    throw error;
  }
}
