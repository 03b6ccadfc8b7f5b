/** Are there agents' logs to meter, and can they be read? Looks at names and times, and asks databases whether they are locked. */
import { statSync } from "node:fs";
import { loadSettings, type Settings } from "../config/settings.ts";
import { fault, type Finding, fine } from "../core/finding.ts";
import { counted } from "../core/money.ts";
import { isLockedDatabase } from "../sources/database.ts";
import { SOURCES } from "../sources/index.ts";
import type { Source } from "../sources/source.ts";
import type { App } from "./app.ts";
import { contextFor } from "./source-context.ts";

const MAX_DETAILS = 10;

/** @throws BobaError BOBA-CFG-* for settings that are not valid. */
export async function checkSources(app: App): Promise<Finding[]> {
  const settings = await loadSettings(app.paths);
  const looks = SOURCES.map((source) => lookAt(source, app, settings));
  return [...nothingToMeter(looks), ...looks.flatMap(({ found }) => found), ...unknownIds(app, settings)];
}

interface Look {
  source: Source;
  enabled: boolean;
  files: number;
  found: Finding[];
}

function lookAt(source: Source, app: App, settings: Settings): Look {
  const enabled = settings.sources[source.id]?.enabled !== false;
  const context = contextFor(source, app, settings);
  const { files, unreadable } = source.discover(context);
  const newest = files.length === 0 ? "" : `, last written ${new Date(Math.max(...files.map(({ mtimeMs }) => mtimeMs))).toISOString()}`;
  if (!enabled) {
    const unread = files.length === 0 ? "" : `: ${counted(files.length, "file")} not read${newest}`;
    return { source, enabled, files: files.length, found: [fine("sources", `${source.name}: switched off in settings.yaml${unread}`)] };
  }
  const found: Finding[] = files.length === 0 ? [] : [fine("sources", `${source.name}: ${counted(files.length, "file")}${newest}`)];
  if (unreadable.length > 0)
    found.push(
      fault("warn", "sources", {
        what: `${source.name}: ${counted(unreadable.length, "path")} cannot be read`,
        why: "what they hold is in no figure",
        mend: "give yourself the right to read them (--verbose names them)",
        details: unreadable.slice(0, MAX_DETAILS).map(({ path, reason }) => `${path}  ${reason}`),
      }),
    );
  const locked = files.filter(({ path }) => isLockedDatabase(path));
  if (locked.length > 0)
    found.push(
      fault("warn", "sources", {
        what: `${source.name}: its database ${locked[0]?.path ?? ""} is locked`,
        why: "what is new in it is collected when it is free",
        mend: `let ${source.name} finish, or end it if it hangs; then: boba import`,
        details: locked.slice(0, MAX_DETAILS).map(({ path }) => path),
      }),
    );
  for (const folder of context.extraPaths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true))
    found.push(
      fault("warn", "sources", {
        what: `${source.name}: the added folder ${folder} is not there`,
        why: "nothing is collected from it",
        mend: `bring it back (is a disk missing?), or: boba sources remove ${source.id} ${folder}`,
      }),
    );
  return { source, enabled, files: files.length, found };
}

function nothingToMeter(looks: readonly Look[]): Finding[] {
  if (looks.some(({ enabled, files, found }) => enabled && (files > 0 || found.length > 0))) return [];
  const off = looks.filter(({ enabled, files }) => !enabled && files > 0);
  if (off.length > 0)
    return [
      fault("warn", "sources", {
        what: `every agent with logs is switched off: ${off.map(({ source }) => source.name).join(", ")}`,
        why: "there is nothing to meter",
        mend: off.map(({ source }) => `boba sources enable ${source.id}`).join("; "),
      }),
    ];
  return [
    fault("warn", "sources", {
      what: "no agent's logs were found",
      why: "there is nothing to meter",
      mend: "use an agent, or add its folder: boba sources add <agent> <folder>",
      details: SOURCES.map((source) => `looked for ${source.name}`),
    }),
  ];
}

/** A name that is spelled wrong switches nothing off and adds no folder. */
function unknownIds(app: App, settings: Settings): Finding[] {
  const known = SOURCES.map(({ id }) => id);
  return Object.keys(settings.sources)
    .filter((id) => !known.includes(id))
    .map((id) =>
      fault("warn", "sources", {
        what: `${app.paths.settings} names ${JSON.stringify(id.slice(0, 80))} under sources, which boba does not know`,
        why: "what it says there does nothing",
        mend: `use one of: ${known.join(", ")}`,
      }),
    );
}
