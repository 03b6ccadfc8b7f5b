/** The service tier in Codex's own settings, for logs that do not record one. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { FAST_TIERS } from "./codex-model.ts";

const MAX_BYTES = 1024 * 1024;

/**
 * Since when `config.toml` in Codex's folder asks for the fast tier, in Unix milliseconds; null when it does not. What was spent before the file
 * was last written may have been spent under another setting, so nothing is said of it.
 */
export function fastSince(codexHome: string): number | null {
  try {
    const path = join(codexHome, "config.toml");
    const { size, mtimeMs } = statSync(path);
    return size <= MAX_BYTES && FAST_TIERS.has(tierIn(readFileSync(path, "utf8")) ?? "") ? mtimeMs : null;
  } catch {
    // Missing or closed: then nothing is known of the tier.
    return null;
  }
}

/** `service_tier` of the profile in use, else of the file: plain `name = "value"` lines, which is all that is needed of TOML. */
function tierIn(toml: string): string | null {
  const values = new Map<string, string>();
  let table = "";
  let within: string | null = null;
  for (const line of toml.split(/\r?\n/)) {
    // Texts over several lines may look like anything.
    const quotes: readonly string[] = line.match(/"""|'''/g) ?? [];
    const wasWithin: string | null = within;
    for (const quote of quotes) within = within === null ? quote : within === quote ? null : within;
    if (wasWithin !== null || quotes.length > 0) continue;
    const header = /^\s*\[([^[\]]+)\]\s*(?:#.*)?$/.exec(line);
    if (header !== null) table = (header[1] as string).replace(/["'\s]/g, "");
    const pair = /^\s*(service_tier|profile)\s*=\s*(?:"([^"\\]*)"|'([^']*)')\s*(?:#.*)?$/.exec(line);
    if (pair !== null) values.set(`${table}.${pair[1]}`, pair[2] ?? pair[3] ?? "");
  }
  const profile = values.get(".profile");
  return (profile === undefined ? undefined : values.get(`profiles.${profile}.service_tier`)) ?? values.get(".service_tier") ?? null;
}
