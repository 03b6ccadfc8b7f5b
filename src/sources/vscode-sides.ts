/** What lies beside the rows of a task and tells of all of them: where it was done, and with which models. */
import { basename, dirname, join } from "node:path";
import { type Fields, fields, text, unixMs } from "./fields.ts";
import { eachFields } from "./json-line.ts";
import { readAside } from "./whole-file.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;
/** The extension writes the model into what it tells the model of its surroundings. */
const MODEL_TAG = /<model>([^<>"\\\s]{1,128})<\/model>/g;

export interface TaskModel {
  model: string;
  provider: string | null;
  /** False where several models are named and none of them for this time. */
  isCertain: boolean;
}

export interface TaskSides {
  cwd: string | null;
  /** The model in use at a time (Unix milliseconds), as far as the files beside the task tell; null where they tell nothing. */
  modelAt(atMs: number): TaskModel | null;
}

/** `read` gives a document in the task's folder, or null. */
export function taskSides(folder: string, read: (name: string) => unknown): TaskSides {
  const used = modelUsage(fields(read("task_metadata.json")));
  let told: readonly string[] | null = null;
  return {
    cwd: workspaceOf(folder, fields(read("history_item.json"))),
    modelAt(atMs) {
      const at = used.findLast(([since]) => since <= atMs) ?? used[0];
      if (at !== undefined) return { ...at[1], isCertain: true };
      told ??= toldModels(read("api_conversation_history.json"));
      const last = told.at(-1);
      return last === undefined ? null : { model: last, provider: null, isCertain: told.length === 1 };
    },
  };
}

function modelUsage(metadata: Fields | null): [sinceMs: number, used: Omit<TaskModel, "isCertain">][] {
  const found: [number, Omit<TaskModel, "isCertain">][] = [];
  eachFields(metadata?.["model_usage"], (entry) => {
    const since = unixMs(entry["ts"]);
    const model = text(entry["model_id"], MAX_ID);
    if (since !== null && model !== null) found.push([since, { model, provider: text(entry["model_provider_id"], MAX_ID) }]);
  });
  return found.sort(([a], [b]) => a - b);
}

/** Roo and Kilo keep an entry of their history with the task, Cline a list of all. */
function workspaceOf(folder: string, entry: Fields | null): string | null {
  const workspace = text(entry?.["workspace"], MAX_PATH);
  if (workspace !== null) return workspace;
  const id = basename(folder);
  let cwd: string | null = null;
  eachFields(readAside(join(dirname(dirname(folder)), "state", "taskHistory.json")), (item) => {
    if (item["id"] === id) cwd = text(item["cwdOnTaskInitialization"], MAX_PATH);
  });
  return cwd;
}

/** The models that the conversation names, each once, the last one last. Nothing else of it is kept. */
function toldModels(history: unknown): readonly string[] {
  const models = new Set<string>();
  eachFields(history, (message) => {
    if (message["role"] === "assistant") {
      const model = text(fields(message["modelInfo"])?.["modelId"], MAX_ID);
      if (model !== null) add(models, model);
      return;
    }
    eachFields(message["content"], (block) => {
      const said = block["text"];
      if (typeof said !== "string" || !said.includes("<environment_details>")) return;
      const details = said.slice(said.lastIndexOf("<environment_details>"));
      for (const [, model] of details.matchAll(MODEL_TAG)) if (model !== undefined) add(models, model);
    });
  });
  return [...models];
}

function add(models: Set<string>, model: string): void {
  models.delete(model);
  models.add(model);
}
