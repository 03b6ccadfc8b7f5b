/** opencode: an SQLite database a release channel in its data folder; before, a folder of JSON files a session. Others are made from it. */
import { dirname, join } from "node:path";
import { findDatabases } from "./database.ts";
import { readOpencodeDatabase } from "./opencode-database.ts";
import { findSessions, readSession } from "./opencode-files.ts";
import { listed } from "./roots.ts";
import type { Discovery, Source, SourceContext } from "./source.ts";

export const opencode: Source = opencodeLike({
  id: "opencode",
  name: "opencode",
  provider: "opencode",
  dataDirVariable: "OPENCODE_DATA_DIR",
});

interface OpencodeLike {
  id: string;
  name: string;
  /** Who is billed for models of makers that nobody knows. */
  provider: string;
  /** Lists folders that replace the default. */
  dataDirVariable: string;
}

/** An agent that keeps its usage as opencode does, in `<id>.db` and `<id>-<channel>.db`. */
export function opencodeLike({ id, name, provider, dataDirVariable }: OpencodeLike): Source {
  const isDatabase = new RegExp(`^${id}(-[\\w.-]+)?\\.db$`);
  const roots = ({ env, home, extraPaths }: SourceContext): string[] => {
    const told = listed(env[dataDirVariable]);
    const base = env["XDG_DATA_HOME"] || join(home, ".local", "share");
    return [...new Set([...(told.length > 0 ? told : [join(base, id)]), ...extraPaths])];
  };
  return {
    id,
    name,
    provider,
    discover(context) {
      const found: Discovery = { files: [], unreadable: [] };
      for (const root of roots(context)) {
        const databases = findDatabases([root], (file) => isDatabase.test(file));
        const since = databases.files.map(({ birthtimeMs }) => birthtimeMs);
        const sessions = findSessions(root, since.length > 0 ? Math.min(...since) : 0);
        found.files.push(...databases.files, ...sessions.files);
        found.unreadable.push(...databases.unreadable, ...sessions.unreadable);
      }
      return found;
    },
    read(file, from, sink, all) {
      const reader = { tool: id, provider, sink };
      const isSession = dirname(file.path).endsWith(join("storage", "message"));
      return isSession ? readSession(file, all, reader) : readOpencodeDatabase(file, from, reader);
    },
  };
}
