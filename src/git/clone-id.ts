/** The clone's own id, which names its notes ref: `boba.clone` in the repository's config, 8 hex, shared by its worktrees. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { hasCode } from "../platform/fs.ts";
import { appendSection, cutSection } from "./config-lines.ts";
import { editConfigFile, peekBytes } from "./hook-file.ts";

const CLONE_ID = /^[0-9a-f]{8}$/;

/** The id as `<commonDir>/config` has it, or null. Reads the file itself: no git process. */
export function readCloneId(commonDir: string): string | null {
  return cloneIdIn(peekBytes(join(commonDir, "config")) ?? "");
}

/** The id, made now if there is none. Null when the config cannot be written or another git holds its lock. */
export function ensureCloneId(commonDir: string): string | null {
  const found = readCloneId(commonDir);
  if (found !== null) return found;
  const made = randomBytes(4).toString("hex");
  try {
    // Another boba may have made one while this one waited for the lock: then the text stays as it is.
    editConfigFile(join(commonDir, "config"), (text) => (cloneIdIn(text) === null ? appendSection(text, "boba", "clone", made) : text));
  } catch (error) {
    if (hasCode(error, "EACCES", "EPERM", "EROFS", "EEXIST", "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
  return readCloneId(commonDir);
}

/** The configuration's text without the id. */
export function cutCloneId(text: string): string {
  return cutSection(text, "boba", "clone", null);
}

function cloneIdIn(text: string): string | null {
  let section = "";
  let id: string | null = null;
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line.startsWith("[")) section = line.toLowerCase();
    else if (section === "[boba]") {
      const [name = "", value = ""] = line.split("=").map((part) => part.trim());
      if (name.toLowerCase() === "clone" && CLONE_ID.test(value)) id = value;
    }
  }
  return id;
}
