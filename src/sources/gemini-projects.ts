/** Which folder a Gemini CLI chat was held in. As its packages/core/src/config/projectRegistry.ts and storage.ts keep it. */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fields, text } from "./fields.ts";
import { perRun } from "./per-run.ts";
import type { SourceFile } from "./source.ts";
import { readAside } from "./whole-file.ts";

const MAX_PATH = 4096;

/** `<root>/tmp/<slug>` of a file in `<root>/tmp/<slug>/chats`, or null. */
export function projectFolder(path: string): string | null {
  const folders = path.split(/[\\/]/);
  const chats = folders.lastIndexOf("chats", folders.length - 2);
  return chats > 1 ? path.slice(0, folders.slice(0, chats).join("/").length) : null;
}

/**
 * The root of the project that a chat in `folder` belongs to: as the folder itself says, else as the map of all projects says, else (folders
 * used to be named by, and chats still note, the SHA-256 of the root) whichever known root has that hash. Null when nothing tells.
 */
export function projectRoot(folder: string | null, projectHash: string | null, all: readonly SourceFile[]): string | null {
  if (folder === null) return null;
  const own = ownRoot(folder);
  if (own !== null) return own;
  const { bySlug, byHash } = projects(dirname(folder), all);
  const slug = basename(folder);
  return bySlug.get(slug) ?? byHash.get(projectHash ?? slug) ?? byHash.get(slug) ?? null;
}

function ownRoot(folder: string): string | null {
  try {
    return text(readFileSync(join(folder, ".project_root"), "utf8").trim(), MAX_PATH);
  } catch {
    // Chats of older versions have no such file.
    return null;
  }
}

interface Projects {
  bySlug: ReadonlyMap<string, string>;
  byHash: ReadonlyMap<string, string>;
}

/** Of all projects below one `tmp`; read only when a folder does not tell by itself. */
const projects = perRun((tmp: string, all: readonly SourceFile[]): Projects => {
  const bySlug = new Map<string, string>();
  const roots = new Set<string>();
  const listed = fields(fields(readAside(join(dirname(tmp), "projects.json")))?.["projects"]) ?? {};
  for (const [root, slug] of Object.entries(listed)) {
    const name = text(slug, MAX_PATH);
    if (root.length > MAX_PATH) continue;
    roots.add(root);
    if (name !== null) bySlug.set(name, root);
  }
  const folders = new Set(all.map(({ path }) => projectFolder(path)));
  for (const folder of folders) {
    const root = folder === null || dirname(folder) !== tmp ? null : ownRoot(folder);
    if (root !== null) roots.add(root);
  }
  return { bySlug, byHash: new Map([...roots].map((root) => [hash("sha256", root, "hex"), root])) };
});
