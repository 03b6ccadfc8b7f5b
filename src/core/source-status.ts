/** What is known of one source of usage. */

export interface SourceStatus {
  /** The id that records carry, e.g. `claude-code`. */
  id: string;
  name: string;
  /** `import`: no agent's logs, but a tool whose usage was imported from files. */
  kind: "agent" | "import";
  enabled: boolean;
  /** Folders the user added, as written in the settings. */
  paths: readonly string[];
  /** Files found now, and the folder that holds them all; null when none was found. */
  files: number;
  folder: string | null;
  /** When the newest of them was last written, Unix milliseconds. */
  writtenAtMs: number | null;
  records: number;
  /** When the last stored record was made, Unix milliseconds. */
  lastRecordMs: number | null;
  /** What could not be read, and why; line 0 is the whole file or folder. */
  skipped: readonly { path: string; line: number; reason: string }[];
}

/** The deepest folder that holds every path; null for none. Paths are absolute, with `/`. */
export function commonFolder(paths: readonly string[]): string | null {
  const [first, ...others] = paths;
  if (first === undefined) return null;
  let parts = first.split("/").slice(0, -1);
  for (const other of others) {
    const next = other.split("/");
    let same = 0;
    while (same < parts.length && parts[same] === next[same]) same++;
    parts = parts.slice(0, same);
  }
  return parts.join("/") || "/";
}
