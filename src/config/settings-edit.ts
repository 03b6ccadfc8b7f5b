/** Changes single values of `settings.yaml`. */
import type { Paths } from "../platform/paths.ts";
import { editFile } from "./edit-yaml.ts";
import { parseSettings } from "./settings.ts";

const MODE = 0o644;

/**
 * Sets (or, with undefined, removes) the value at `path` (e.g. `["sources", "codex", "enabled"]`). A file that is a link stays one.
 * @throws BobaError BOBA-CFG-1 to -4 when the file is not valid, before or after the change; it is then left alone.
 */
export async function editSettings(paths: Paths, path: readonly string[], value: unknown): Promise<void> {
  await editFile(paths.settings, [{ at: path, value }], parseSettings, MODE);
}
