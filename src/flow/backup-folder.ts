/** The backups in a folder: each a file with its manifest beside it. What has no manifest is not ours and is left alone. */
import { existsSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Manifest, type SetAside, setAsideOf, toManifest } from "../core/backup.ts";
import { readBounded } from "../platform/bounded-read.ts";
import { writeFileAtomic } from "../platform/fs.ts";
import { namesIn } from "./work-folder.ts";

const MAX_MANIFEST_BYTES = 1024 * 1024;

export interface StoredBackup {
  /** Absolute. */
  path: string;
  manifest: Manifest;
}

/** Oldest first; none when there is no such folder. */
export function backupsIn(folder: string): StoredBackup[] {
  return namesIn(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => manifestOf(join(folder, name.slice(0, -".json".length))) ?? [])
    .map((manifest) => ({ path: join(folder, manifest.file), manifest }))
    .filter(({ path }) => existsSync(path))
    .sort((a, b) => a.manifest.createdAtMs - b.manifest.createdAtMs);
}

/** Ledgers that restores and upgrades set aside in a folder, oldest first. */
export function setAsideIn(folder: string): SetAside[] {
  return namesIn(folder)
    .flatMap((name): SetAside[] => {
      const known = setAsideOf(name);
      const path = join(folder, name);
      const file = known === null ? undefined : statSync(path, { throwIfNoEntry: false });
      if (known === null || file?.isFile() !== true) return [];
      const logBytes = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
      return [{ path, kind: known.kind, setAsideAtMs: known.atMs ?? Math.floor(file.mtimeMs), bytes: file.size + logBytes }];
    })
    .toSorted((a, b) => a.setAsideAtMs - b.setAsideAtMs);
}

/** What is known of the backup at `path`; null when nothing is, or when its manifest speaks of another file. */
export function manifestOf(path: string): Manifest | null {
  const found = readBounded(`${path}.json`, MAX_MANIFEST_BYTES, true);
  if (found === null || "refused" in found) return null;
  try {
    const manifest = toManifest(JSON.parse(found.bytes.toString("utf8")));
    return manifest?.file === basename(path) ? manifest : null;
  } catch {
    // Not JSON: then it is no manifest.
    return null;
  }
}

export function saveManifest(folder: string, manifest: Manifest): void {
  writeFileAtomic(join(folder, `${manifest.file}.json`), `${JSON.stringify(manifest, null, 2)}\n`, 0o600);
}

/** Removes a backup, its manifest last: a manifest without a file is passed over, a file without a manifest would stay for ever. */
export function removeBackup({ path, manifest }: StoredBackup): void {
  rmSync(path, { force: true });
  rmSync(join(dirname(path), `${manifest.file}.json`), { force: true });
}
