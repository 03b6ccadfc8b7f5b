/** Codebuff (once Manicode): `projects/<project>/chats/<chat>/chat-messages.json` below its folders, one for each channel it is released in. */
import { basename, dirname, join } from "node:path";
import { codebuffRecord, cwdOf } from "./codebuff-message.ts";
import { fields } from "./fields.ts";
import { findFiles } from "./find-files.ts";
import { eachFields } from "./json-line.ts";
import type { Source, SourceContext } from "./source.ts";
import { readAside, readDocument } from "./whole-file.ts";

const CHANNELS = ["manicode", "manicode-dev", "manicode-staging"];

export const codebuff: Source = {
  id: "codebuff",
  name: "Codebuff",
  provider: "codebuff",
  discover: (context) =>
    findFiles(
      rootsOf(context).map((root) => join(root, "projects")),
      (name, depth) => depth === 3 && name === "chat-messages.json",
      (name, depth) => depth === 0 || depth === 2 || (depth === 1 && name === "chats"),
    ),
  read(file, _, sink) {
    const folder = dirname(file.path);
    return readDocument(file, sink, (messages) => {
      const chat = { id: basename(folder), cwd: cwdOf(fields(readAside(join(folder, "run-state.json")))) };
      eachFields(messages, (message) => {
        const found = codebuffRecord(message, chat);
        if (typeof found === "string") sink.skip(0, found);
        else if (found !== null) sink.record(found);
      });
    });
  },
};

function rootsOf({ env, home, extraPaths }: SourceContext): string[] {
  const told = (env["CODEBUFF_DATA_DIR"] ?? "").split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
  return [...(told.length > 0 ? told : CHANNELS.map((channel) => join(home, ".config", channel))), ...extraPaths];
}
