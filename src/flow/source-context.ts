/** What a source may know of this machine. */
import { homedir } from "node:os";
import { join } from "node:path";
import type { Settings } from "../config/settings.ts";
import type { Source, SourceContext } from "../sources/source.ts";
import type { App } from "./app.ts";

export const homeOf = (app: App): string => app.env["HOME"] || homedir();

export function contextFor(source: Source, app: App, settings: Settings): SourceContext {
  const home = homeOf(app);
  const paths = settings.sources[source.id]?.paths ?? [];
  return { env: app.env, home, extraPaths: paths.map((path) => (path.startsWith("~/") ? join(home, path.slice(2)) : path)) };
}
