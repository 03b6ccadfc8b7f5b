/** What lies beside Kimi's logs: which folders its sessions were held in, and which model is set up. As its metadata.py and config.py write it. */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fields, text } from "./fields.ts";
import { eachFields } from "./json-line.ts";
import { perRun } from "./per-run.ts";
import { readAside } from "./whole-file.ts";

const MAX_ID = 256;
const MAX_PATH = 4096;
const MAX_CONFIG_CHARS = 1_000_000;

export interface KimiHome {
  /** By the MD5 of the folder, which is what the sessions' folders are called. */
  folders: ReadonlyMap<string, string>;
  /** The model that the configuration sets, or null. */
  model: string | null;
}

/** Of the folder that holds `sessions`. */
export const kimiHome = perRun((root: string): KimiHome => {
  const folders = new Map<string, string>();
  eachFields(fields(readAside(join(root, "kimi.json")))?.["work_dirs"], (dir) => {
    const path = text(dir["path"], MAX_PATH);
    if (path !== null) folders.set(hash("md5", path, "hex"), path);
  });
  return { folders, model: tomlModel(join(root, "config.toml")) ?? jsonModel(readAside(join(root, "config.json"))) };
});

/** The configuration of early versions. */
function jsonModel(value: unknown): string | null {
  const config = fields(value);
  const name = text(config?.["default_model"], MAX_ID);
  return name === null ? null : (text(fields(fields(config?.["models"])?.[name])?.["model"], MAX_ID) ?? name);
}

/** `default_model`, and `model` in the table `models.<that name>`: all of TOML that is needed. */
function tomlModel(path: string): string | null {
  let config: string;
  try {
    config = readFileSync(path, "utf8");
  } catch {
    // There is none: an early version, or one that was never set up.
    return null;
  }
  if (config.length > MAX_CONFIG_CHARS) return null;
  let table = "";
  let name: string | null = null;
  const models = new Map<string, string>();
  for (const line of config.split("\n")) {
    const header = /^\s*\[+\s*([^\]]+?)\s*\]/.exec(line);
    if (header !== null) table = (header[1] as string).replaceAll(/["']/g, "");
    const setting = /^\s*(default_model|model)\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(line);
    if (setting === null) continue;
    const value = text(setting[2] ?? setting[3], MAX_ID);
    if (value === null) continue;
    if (table === "" && setting[1] === "default_model") name = value;
    if (table.startsWith("models.") && setting[1] === "model") models.set(table.slice("models.".length), value);
  }
  return name === null ? null : (models.get(name) ?? name);
}
