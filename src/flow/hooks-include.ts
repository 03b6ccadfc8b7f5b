/** The include line in a git configuration: into the repository's own config, or the global one. */
import type { IncludeState } from "../core/hooks.ts";
import { hasCode } from "../platform/fs.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import { appendSection, configValue, hasValue } from "../git/config-lines.ts";
import { editConfigFile, modeOf, peekBytes, realPathOf, sha256 } from "../git/hook-file.ts";
import type { FileEntry } from "./hooks-manifest.ts";

/** The two lines a user adds by hand where boba cannot. */
export function includeLines(include: string): string[] {
  return ["[include]", `\tpath = ${configValue(include)}`];
}

/** Whether the configuration at `file` includes ours. */
export function includesOurs(file: string, include: string): boolean {
  return hasValue(peekBytes(file) ?? "", "path", include);
}

/** A file's entry for the manifest, as it is now. */
export function fileEntry(path: string): FileEntry {
  const bytes = peekBytes(path);
  const mode = modeOf(realPathOf(path)) ?? 0o644;
  return { path, existed: bytes !== null, made: bytes === null, mode, shaBefore: bytes === null ? "" : sha256(bytes) };
}

/**
 * Appends the include line unless it is there.
 * @throws BobaError BOBA-HOOK-3 while another git holds the configuration's lock.
 */
export function addInclude(file: string, include: string): { state: IncludeState; before: FileEntry | null } {
  if (includesOurs(file, include)) return { state: "present", before: null };
  const before = fileEntry(file);
  try {
    editConfigFile(file, (text) => (hasValue(text, "path", include) ? text : appendSection(text, "include", "path", include)));
    return { state: "added", before };
  } catch (error) {
    if (hasCode(error, "EACCES", "EPERM", "EROFS")) return { state: "read-only", before: null };
    if (hasCode(error, "EEXIST")) {
      throw new BobaError(
        "BOBA-HOOK-3",
        EXIT.failed,
        `${file} is locked by another git`,
        `wait for it to end; if none runs, remove ${file}.lock`,
        error,
      );
    }
    throw error;
  }
}
