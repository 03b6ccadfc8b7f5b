/** `~/.boba/settings.yaml`. Every key has a default, so the file may be missing. */
import type { ZodType } from "zod";
import type { Paths } from "../platform/paths.ts";
import { parseConfig, readConfigText } from "./yaml-file.ts";

export interface Settings {
  hooks: {
    /** What a hook does: collect in the background at once, at the next command, or at once and print a line. Null: what install was told. */
    mode: HooksMode | null;
  };
  tickets: {
    /** The regular expression that finds a ticket in a branch's name. */
    pattern: string;
  };
  pricing: {
    /** Where `boba pricing update` fetches the price catalogue; null: from where the built-in one comes. */
    url: string | null;
  };
  /** By source id. A source that is not listed is enabled and has no extra paths. */
  sources: Readonly<Record<string, SourceSettings>>;
}

export const HOOKS_MODES = ["background", "lazy", "summary"] as const;
export type HooksMode = (typeof HOOKS_MODES)[number];

export interface SourceSettings {
  enabled: boolean;
  /** Folders to read besides the agent's own, as written (`~/` stands for the home folder). */
  paths: readonly string[];
}

export const DEFAULT_SETTINGS: Settings = {
  hooks: { mode: null },
  tickets: { pattern: "[A-Z][A-Z0-9]+-[0-9]+" },
  pricing: { url: null },
  sources: {},
};

/** The settings, defaults filled in. @throws BobaError BOBA-CFG-1 to -4 naming file, line, column and what was expected. */
export async function loadSettings(paths: Paths): Promise<Settings> {
  const text = readConfigText(paths.settings);
  return text === null ? DEFAULT_SETTINGS : parseConfig(paths.settings, text, schema);
}

async function schema(): Promise<ZodType<Settings>> {
  const { z } = await import("zod");
  const source = z.strictObject({
    enabled: z.boolean({ error: "expected true or false" }).default(true),
    paths: z.array(z.string().min(1), { error: "expected a list of folders" }).default([]),
  });
  const defaults = DEFAULT_SETTINGS;
  return z.strictObject({
    hooks: z
      .strictObject({
        mode: z
          .enum(HOOKS_MODES, { error: `expected one of ${HOOKS_MODES.join(", ")}` })
          .nullable()
          .default(defaults.hooks.mode),
      })
      .default(defaults.hooks),
    tickets: z
      .strictObject({
        pattern: z.string({ error: "expected a regular expression in quotes" }).min(1).max(200).default(defaults.tickets.pattern),
      })
      .default(defaults.tickets),
    pricing: z
      .strictObject({ url: z.string({ error: "expected an address in quotes" }).min(1).max(2000).nullable().default(null) })
      .default(defaults.pricing),
    sources: z.record(z.string(), source).default({}),
  });
}
