/** Amp: one JSON document a thread, `threads/T-<id>.json` below its data folder. */
import { join } from "node:path";
import { ampRecords } from "./amp-thread.ts";
import { findFiles } from "./find-files.ts";
import type { Source, SourceContext } from "./source.ts";
import { readDocument } from "./whole-file.ts";

export const amp: Source = {
  id: "amp",
  name: "Amp",
  provider: "amp",
  discover: (context) =>
    findFiles(
      rootsOf(context).map((root) => join(root, "threads")),
      (name) => name.startsWith("T-") && name.endsWith(".json"),
    ),
  read: (file, _, sink) =>
    readDocument(file, sink, (document) => {
      for (const found of ampRecords(document)) {
        if (typeof found === "string") sink.skip(0, found);
        else sink.record(found);
      }
    }),
};

function rootsOf({ env, home, extraPaths }: SourceContext): string[] {
  const told = (env["AMP_DATA_DIR"] ?? "").split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
  const usual = join(env["XDG_DATA_HOME"] || join(home, ".local", "share"), "amp");
  return [...(told.length > 0 ? told : [usual]), ...extraPaths];
}
