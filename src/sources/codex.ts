/** Codex (CLI, desktop, editor): `sessions/<date>/rollout-*.jsonl` and `archived_sessions/` below its folder, one line an event. */
import { basename, join } from "node:path";
import { mayBeExec, newExec, takeExec } from "./codex-exec.ts";
import { familyOf, idInName } from "./codex-family.ts";
import { ANY_LINE, codexLine, kindOf } from "./codex-line.ts";
import { newState, takeLine } from "./codex-session.ts";
import { findFiles } from "./find-files.ts";
import { lineFields, NOT_JSON } from "./json-line.ts";
import { readLines } from "./lines.ts";
import { listed } from "./roots.ts";
import type { Discovery, Source, SourceContext, SourceFile } from "./source.ts";

export const codex: Source = {
  id: "codex",
  name: "Codex",
  provider: "openai",
  discover,
  read(file, from, sink, all) {
    const family = familyOf(all);
    const name = basename(file.path).replace(/\.jsonl$/, "");
    let session = newState(idInName(file.path) ?? name);
    let exec = newExec();
    const around = { counts: family.counts, fastSince: () => family.fastSince(file.path) };
    const outside = { name, mtimeMs: file.mtimeMs, isLogged: (id: string) => family.find(id) !== null };
    const isLog = isRollout(file.path);
    return readLines(
      file,
      from,
      ANY_LINE,
      (bytes, start, end) => {
        const kind = kindOf(bytes, start, end);
        // A fork repeats its parent's first line, of 20 KiB and more, and its parent's parent's.
        if (kind === null ? isLog || !mayBeExec(bytes, start, end) : kind === "session_meta" && session.named) return null;
        const json = lineFields(bytes, start, end);
        if (json === null) return NOT_JSON;
        const line = codexLine(json);
        if (typeof line === "string") return line;
        const found = line !== null ? takeLine(session, line, around) : isLog ? null : takeExec(exec, json, outside);
        if (typeof found === "string") return found;
        if (found !== null) sink.record(found);
        return null;
      },
      sink,
      {
        restore: (saved) => void ({ session, exec } = JSON.parse(saved) as { session: typeof session; exec: typeof exec }),
        save: () => JSON.stringify({ session, exec }),
      },
    );
  },
};

function isRollout(path: string): boolean {
  return /^rollout-.*\.jsonl$/.test(basename(path));
}

/** CODEX_HOME replaces the default and may be a list. What the user added may also hold output of `codex exec --json`, under any name. */
function discover({ env, home, extraPaths }: SourceContext): Discovery {
  const told = listed(env["CODEX_HOME"]);
  const found: Discovery = { files: [], unreadable: [] };
  for (const dir of told.length > 0 ? told : [join(home, ".codex")]) {
    add(found, dir, [join(dir, "sessions"), join(dir, "archived_sessions")], isRollout);
  }
  for (const dir of extraPaths) add(found, dir, [dir], (name) => name.endsWith(".jsonl"));
  return found;
}

/** A session that is both active and archived is one: the active log is read. */
function add(found: Discovery, dir: string, folders: readonly string[], wanted: (name: string) => boolean): void {
  const compressed = new Set<string>();
  const more = findFiles(folders, (name) => {
    if (name.endsWith(COMPRESSED)) compressed.add(name.slice(0, -COMPRESSED.length));
    return wanted(name);
  });
  const active = new Set(more.files.filter(({ path }) => !isArchived(path)).map(({ path }) => basename(path)));
  const isCopy = ({ path }: SourceFile) => isArchived(path) && isRollout(path) && active.has(basename(path));
  found.files.push(...more.files.filter((file) => !isCopy(file)));
  found.unreadable.push(...more.unreadable);
  for (const { path } of more.files) compressed.delete(basename(path, ".jsonl"));
  if (compressed.size > 0) found.unreadable.push({ path: dir, reason: "holds logs compressed with zstd, which are not read" });
}

/** What Codex makes of logs that have not been used for long. Node 20 has no decoder for it. */
const COMPRESSED = ".jsonl.zst";

function isArchived(path: string): boolean {
  return /[\\/]archived_sessions[\\/]/.test(path);
}
