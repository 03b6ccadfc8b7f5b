/** `boba sources`: which agents' logs are found and read, and what came of it. */
import { loadSettings } from "../config/settings.ts";
import { commonFolder, type SourceStatus } from "../core/source-status.ts";
import { SOURCES } from "../sources/index.ts";
import type { Source } from "../sources/source.ts";
import { listSkipped, type Skipped } from "../store/skipped.ts";
import { countTools, type ToolCount } from "../store/sources.ts";
import type { App } from "./app.ts";
import { knownSource } from "./known-source.ts";
import { openView } from "./refresh.ts";
import { contextFor } from "./source-context.ts";

const MAX_SKIPPED = 10_000;

/** Every source, or the one named. @throws BobaError BOBA-USE-11 for one nobody knows. */
export async function sourceStatuses(
  app: App,
  id: string | null,
  options: { import: boolean },
): Promise<{ sources: SourceStatus[]; warnings: readonly string[] }> {
  const sources = id === null ? SOURCES : [knownSource(id)];
  const settings = await loadSettings(app.paths);
  const view = await openView(app, options);
  try {
    const tools = new Map(countTools(view.db).map((count) => [count.tool, count]));
    const skipped = listSkipped(view.db, MAX_SKIPPED);
    const agents = sources.map((source) => {
      const { enabled = true, paths = [] } = settings.sources[source.id] ?? {};
      return { ...agent(source, contextFor(source, app, settings), skipped), ...counted(tools.get(source.id)), enabled, paths };
    });
    const known = new Set(SOURCES.map((source) => source.id));
    const imports = id === null ? [...tools.values()].filter(({ tool }) => !known.has(tool)).map(imported) : [];
    return { sources: [...agents, ...imports], warnings: view.warnings };
  } finally {
    view.close();
  }
}

function agent(source: Source, context: Parameters<Source["discover"]>[0], skipped: readonly Skipped[]) {
  const { files, unreadable } = source.discover(context);
  const own = new Set([...files, ...unreadable].map(({ path }) => path));
  return {
    id: source.id,
    name: source.name,
    kind: "agent" as const,
    files: files.length,
    folder: commonFolder(files.map(({ path }) => path)),
    writtenAtMs: files.length === 0 ? null : Math.max(...files.map(({ mtimeMs }) => mtimeMs)),
    skipped: skipped.filter(({ path }) => own.has(path)),
  };
}

const counted = (count: ToolCount | undefined) => ({ records: count?.records ?? 0, lastRecordMs: count?.lastRecordMs ?? null });

const imported = (count: ToolCount): SourceStatus => ({
  id: count.tool,
  name: count.tool,
  kind: "import",
  enabled: true,
  paths: [],
  files: 0,
  folder: null,
  writtenAtMs: null,
  ...counted(count),
  skipped: [],
});
