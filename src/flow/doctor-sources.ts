/** Are there agents' logs to meter, and can they be read? Looks at names and times only. */
import { loadSettings, type Settings } from "../config/settings.ts";
import { BobaError } from "../core/errors.ts";
import { fault, type Finding, fine } from "../core/finding.ts";
import { SOURCES } from "../sources/index.ts";
import type { App } from "./app.ts";
import { contextFor } from "./source-context.ts";

export async function checkSources(app: App): Promise<Finding[]> {
  const settings = await settingsOrNull(app);
  if (settings === null) return [];
  const found: Finding[] = [];
  for (const source of SOURCES) {
    if (settings.sources[source.id]?.enabled === false) {
      found.push(fine("sources", `${source.name}: switched off in settings.yaml`));
      continue;
    }
    const { files, unreadable } = source.discover(contextFor(source, app, settings));
    if (files.length > 0) {
      const newest = new Date(Math.max(...files.map(({ mtimeMs }) => mtimeMs))).toISOString();
      found.push(fine("sources", `${source.name}: ${files.length} files, last written ${newest}`));
    }
    if (unreadable.length > 0)
      found.push(
        fault("warn", "sources", {
          what: `${source.name}: ${unreadable.length} files or folders cannot be read`,
          why: "what they hold is in no figure",
          mend: "give yourself the right to read them (--verbose names them)",
          details: unreadable.slice(0, 10).map(({ path, reason }) => `${path}  ${reason}`),
        }),
      );
  }
  if (found.length > 0) return found;
  return [
    fault("warn", "sources", {
      what: "no agent's logs were found",
      why: "there is nothing to meter",
      mend: "use an agent, or add its folder under sources: in settings.yaml",
      details: SOURCES.map((source) => `looked for ${source.name}`),
    }),
  ];
}

/** Settings that do not parse have a finding of their own. */
async function settingsOrNull(app: App): Promise<Settings | null> {
  try {
    return await loadSettings(app.paths);
  } catch (error) {
    if (error instanceof BobaError) return null;
    throw error;
  }
}
