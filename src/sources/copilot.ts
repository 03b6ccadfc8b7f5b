/**
 * GitHub Copilot CLI: `session-state/<id>/events.jsonl` below ~/.copilot, and the export of its OpenTelemetry spans where the user switched it on.
 *
 * Both may tell of the same response. They share an id (the service's request id, else the provider's response id), which is the key of the
 * record: whichever is read first, the other is merged into it. The export is the replay, since only the session knows where it stood.
 * Two things of a session have no such id and count only if the export does not tell of the session: the sums at its end, and the
 * responses of versions that logged no id. What stays possible is that an export comes to light after the sums of its sessions were
 * booked (say, the variable that names it was not set then): each counter of a response is then the larger of share and truth, never their sum.
 */
import { basename, isAbsolute, join } from "node:path";
import { readExport } from "./copilot-export.ts";
import { isSession } from "./copilot-place.ts";
import { readSession } from "./copilot-session.ts";
import { findFiles } from "./find-files.ts";
import type { Discovery, Source, SourceContext } from "./source.ts";

export const copilot: Source = {
  id: "copilot",
  name: "GitHub Copilot CLI",
  provider: "github-copilot",
  discover(context) {
    const roots = rootsOf(context);
    // Sessions were one file each before they became folders, which hold much else.
    const sessions = findFiles(
      roots.map((root) => join(root, "session-state")),
      (name, depth) => (depth === 0 ? name.endsWith(".jsonl") : name === "events.jsonl"),
      (_, depth) => depth === 0,
    );
    const exported = findFiles(
      roots.map((root) => join(root, "otel")),
      (name) => name.endsWith(".jsonl"),
    );
    return withNamedExport(
      { files: [...sessions.files, ...exported.files], unreadable: [...sessions.unreadable, ...exported.unreadable] },
      context,
    );
  },
  read: (file, from, sink, all) => (isSession(file.path) ? readSession(file, from, sink, all) : readExport(file, from, sink, all)),
};

/** COPILOT_HOME replaces the default; it is the CLI's own variable. */
function rootsOf({ env, home, extraPaths }: SourceContext): string[] {
  const told = (env["COPILOT_HOME"] ?? "").split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
  return [...(told.length > 0 ? told : [join(home, ".copilot")]), ...extraPaths];
}

/** The file that the exporter was told to write is read besides. A relative name depends on where the CLI was started, which nobody knows. */
function withNamedExport(found: Discovery, { env }: SourceContext): Discovery {
  const path = env["COPILOT_OTEL_FILE_EXPORTER_PATH"] ?? "";
  if (!isAbsolute(path) || found.files.some((file) => file.path === path)) return found;
  const named = findFiles(
    [path],
    (name) => name === basename(path),
    () => false,
  );
  return { files: [...found.files, ...named.files], unreadable: [...found.unreadable, ...named.unreadable] };
}
