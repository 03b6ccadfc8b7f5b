/**
 * Cline and what was made of it (Roo Code, Kilo Code): extensions that keep a folder a task below `globalStorage/<extension>` of VS Code and of the
 * editors built on it.
 */
import { basename, dirname, join } from "node:path";
import { findFiles, mayExist } from "./find-files.ts";
import type { Source, SourceContext } from "./source.ts";
import { type Dialect, taskRecords } from "./vscode-rows.ts";
import { readAside, readDocument } from "./whole-file.ts";
import { taskSides } from "./vscode-sides.ts";

export interface TaskExtension extends Dialect {
  /** What people call it. */
  name: string;
  /** Folder below `globalStorage`. */
  extension: string;
  /** Other folders of the same layout, below the user's home. */
  alsoAt?: readonly string[];
}

const EDITORS = ["Code", "Code - Insiders", "VSCodium", "Cursor", "Windsurf"];
/** Where an editor that is used from another machine keeps its data, below the user's home. */
const SERVERS = [".vscode-server", ".vscode-server-insiders", ".vscode-remote", ".cursor-server", ".windsurf-server"];

export function vscodeTasks(extension: TaskExtension): Source {
  return {
    id: extension.id,
    name: extension.name,
    provider: "unknown",
    discover: (context) =>
      findFiles(
        rootsOf(context, extension).map((root) => join(root, "tasks")),
        (name, depth) => depth === 1 && name === "ui_messages.json",
        (_, depth) => depth === 0,
      ),
    read(file, _, sink) {
      const folder = dirname(file.path);
      return readDocument(file, sink, (rows) => {
        const sides = taskSides(folder, (name) => readAside(join(folder, name)));
        for (const found of taskRecords(rows, basename(folder), sides, extension)) {
          if (typeof found === "string") sink.skip(0, found);
          else sink.record(found);
        }
      });
    },
  };
}

/** Users of these extensions cannot choose the folder, so there is no variable that replaces it. */
function rootsOf({ env, home, extraPaths }: SourceContext, { extension, alsoAt = [] }: TaskExtension): string[] {
  const parents = [env["XDG_CONFIG_HOME"] || join(home, ".config"), join(home, "Library", "Application Support")];
  if (env["APPDATA"]) parents.push(env["APPDATA"]);
  // Most of these editors are nowhere: a missing one is not looked into for each extension.
  const editors = parents.filter(mayExist).flatMap((parent) => EDITORS.map((editor) => join(parent, editor)));
  const servers = SERVERS.map((server) => join(home, server)).filter(mayExist);
  const users = [
    ...editors.filter(mayExist).map((editor) => join(editor, "User")),
    ...servers.map((server) => join(server, "data", "User")),
  ];
  return [...users.map((user) => join(user, "globalStorage", extension)), ...alsoAt.map((folder) => join(home, folder)), ...extraPaths];
}
