/** `boba edit`: opens a configuration file in the user's editor and checks what was saved. What the user wrote is never changed or lost. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { parsePricing } from "../config/pricing.ts";
import { parseProfiles } from "../config/profiles.ts";
import { loadProject } from "../config/project-file.ts";
import { parseRoutes } from "../config/routes.ts";
import { loadSecrets } from "../config/secrets.ts";
import { parseSettings } from "../config/settings.ts";
import { readConfigText } from "../config/config-text.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import type { EditableFile, EditReport } from "../core/edit.ts";
import { PROJECT_FILE } from "../core/project-file.ts";
import { withoutSecrets } from "../core/secret.ts";
import { splitWords } from "../core/split-words.ts";
import { locate } from "../git/repo.ts";
import { runOnTerminal } from "../platform/exec.ts";
import type { App } from "./app.ts";
import { copySchemas } from "./editor-schemas.ts";
import { makeFile, template } from "./init.ts";

const FILE_MODE = 0o644;
const SECRET_MODE = 0o600;

/**
 * Opens the file, made from its template when it is missing, until what is saved loads or `again` says no.
 * @throws BobaError what is wrong with the file, in the end; BOBA-CFG-16 no editor, BOBA-CFG-17 it failed, BOBA-CFG-18 no repository.
 */
export async function edit(app: App, file: EditableFile, again: (fault: BobaError) => Promise<boolean>): Promise<EditReport> {
  const path = file === "project" ? await projectPath(app) : app.paths[file];
  const editor = editorOf(app);
  const made = make(app, file, path);
  const before = readFileSync(path);
  const env = withoutSecrets(app.env);
  for (;;) {
    // Before, so that no copy that the editor makes is open; after, because many editors write a new file in the old one's place.
    const closed = file === "secrets";
    if (closed) close(path);
    const status = await runOnTerminal(editor.program, [...editor.args, path], { cwd: app.cwd, env, closed });
    if (!existsSync(path)) return { path, made, changed: true, removed: true };
    if (closed) close(path);
    if (status !== 0) throw failed(editor.program, status, path);
    const fault = await check(app, file, path);
    if (fault === null) return { path, made, changed: !readFileSync(path).equals(before), removed: false };
    if (!(await again(fault))) throw fault;
  }
}

async function projectPath(app: App): Promise<string> {
  const place = await locate(app.cwd, app.env);
  if (place === null)
    throw new BobaError("BOBA-CFG-18", EXIT.usage, "this folder is in no repository", `go into one: ${PROJECT_FILE} lies at its root`);
  return join(place.root, PROJECT_FILE);
}

function editorOf(app: App): { program: string; args: string[] } {
  const variable = app.env["VISUAL"] ? "VISUAL" : "EDITOR";
  const [program, ...args] = splitWords(app.env[variable] || "vi") ?? [];
  if (program === undefined || program === "")
    throw new BobaError(
      "BOBA-CFG-16",
      EXIT.usage,
      `$${variable} names no program, or a quote in it is not closed`,
      "e.g. EDITOR='code --wait'",
    );
  return { program, args };
}

function make(app: App, file: EditableFile, path: string): boolean {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (file !== "project") copySchemas(app.paths);
  return makeFile(path, template(file === "project" ? "project.yaml" : path), file === "secrets" ? SECRET_MODE : FILE_MODE);
}

function close(path: string): void {
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, SECRET_MODE);
}

async function check(app: App, file: EditableFile, path: string): Promise<BobaError | null> {
  const parsers = { pricing: parsePricing, profiles: parseProfiles, routes: parseRoutes, settings: parseSettings };
  try {
    if (file === "secrets") await loadSecrets(app.paths);
    else if (file === "project") await loadProject(dirname(path));
    else {
      const text = readConfigText(path);
      if (text !== null) await parsers[file](path, text);
    }
    return null;
  } catch (error) {
    if (error instanceof BobaError) return error;
    throw error;
  }
}

function failed(program: string, status: number, path: string): BobaError {
  if (status === 127)
    return new BobaError("BOBA-CFG-16", EXIT.usage, `${program} cannot be started`, "name your editor in EDITOR, e.g. EDITOR=nano");
  return new BobaError("BOBA-CFG-17", EXIT.failed, `${program} ended with status ${status}`, `${path} is as it left it; see: boba doctor`);
}
