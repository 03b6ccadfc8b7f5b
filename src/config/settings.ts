/** `~/.boba/settings.yaml`. Every key has a default, so the file may be missing. */
import type { Paths } from "../platform/paths.ts";
import type { z as Zod } from "zod";
import type { BudgetLimits } from "../core/budget-limits.ts";
import { HOOK_MODES, type HookMode } from "../core/hooks.ts";
import { DEFAULT_TICKET_PATTERN, MAX_TICKET_PATTERN } from "../core/tickets.ts";
import { readConfigText } from "./config-text.ts";
import { flagOf, lineOf, limitsShape, listOf, nameOf, strict, toLimits, type Z } from "./schema-parts.ts";
import { parseConfig } from "./yaml-file.ts";

export interface Settings {
  hooks: {
    /** What a hook does: collect in the background at once, at the next command, or at once and print a line. Null: what install was told. */
    mode: HookMode | null;
  };
  tickets: {
    /** The regular expression that finds a ticket in a branch's name. */
    pattern: string;
  };
  pricing: {
    /** Where `boba pricing update` fetches the price catalogue; null: from where the built-in one comes. */
    url: string | null;
  };
  maintenance: {
    /** Records older than this (`90d`, `12w`) are archived and removed once a month; null: never. */
    prune_older_than: string | null;
    /** Where they are archived; null: `~/.boba/archives`. */
    archive: string | null;
    /** Where `boba.prom` is written every hour; null: nowhere. */
    textfile: string | null;
  };
  updates: {
    /** What `boba version --check` asks for the newest version; null: npm is. */
    url: string | null;
  };
  /** By source id. A source that is not listed is enabled and has no extra paths. */
  sources: Readonly<Record<string, SourceSettings>>;
  budget: BudgetSettings;
  alerts: {
    /** A program of the user's and its arguments, started when an alert fires; null: none. Never a shell line. */
    command: readonly string[] | null;
  };
  /** The profile that `boba use` chose; null: none. */
  profile: string | null;
  secrets: {
    /** Whether secrets are kept in the system's keyring too. */
    keyring: boolean;
  };
}

export interface BudgetSettings {
  /** For all spending together; null: no limit. */
  global: BudgetLimits | null;
  /** By branch, as git names it. */
  branches: ReadonlyMap<string, BudgetLimits>;
  /** By project. */
  projects: ReadonlyMap<string, BudgetLimits>;
}

export interface SourceSettings {
  enabled: boolean;
  /** Folders to read besides the agent's own, as written (`~/` stands for the home folder). */
  paths: readonly string[];
}

export const DEFAULT_SETTINGS: Settings = {
  hooks: { mode: null },
  tickets: { pattern: DEFAULT_TICKET_PATTERN },
  pricing: { url: null },
  maintenance: { prune_older_than: null, archive: null, textfile: null },
  updates: { url: null },
  sources: {},
  budget: { global: null, branches: new Map(), projects: new Map() },
  alerts: { command: null },
  profile: null,
  secrets: { keyring: false },
};

const MAX_TARGETS = 1000;

/** The settings, defaults filled in. @throws BobaError BOBA-CFG-1 to -4 naming file, line, column and what was expected. */
export async function loadSettings(paths: Paths): Promise<Settings> {
  const text = readConfigText(paths.settings);
  return text === null ? DEFAULT_SETTINGS : parseSettings(paths.settings, text);
}

/** The same for a text that is not in place yet. */
export async function parseSettings(path: string, text: string): Promise<Settings> {
  const { budget, ...rest } = await parseConfig(path, text, settingsSchema);
  return { ...rest, budget: budget === null ? DEFAULT_SETTINGS.budget : toBudget(budget) };
}

type BudgetInput = NonNullable<Zod.infer<ReturnType<typeof budgetSchema>>>;

function toBudget({ branches, projects, ...limits }: BudgetInput): BudgetSettings {
  const byName = (all: typeof branches) => new Map(Object.entries(all ?? {}).map(([name, own]) => [name, toLimits(own)]));
  const global = toLimits(limits);
  const limited = global.enforce || [global.dailyUsd, global.weeklyUsd, global.monthlyUsd, global.hardCap].some((limit) => limit !== null);
  return { global: limited ? global : null, branches: byName(branches), projects: byName(projects) };
}

export async function settingsSchema() {
  const { z } = await import("zod");
  const source = strict(z, {
    enabled: flagOf(z).default(true),
    paths: z.array(z.string().min(1), { error: "expected a list of folders" }).default([]),
  });
  const defaults = DEFAULT_SETTINGS;
  const text = (expected: string) =>
    z
      .string({ error: `expected ${expected}` })
      .min(1)
      .max(2000)
      .nullable()
      .default(null);
  return strict(z, {
    hooks: strict(z, {
      mode: z
        .enum(HOOK_MODES, { error: `expected one of ${HOOK_MODES.join(", ")}` })
        .nullable()
        .default(defaults.hooks.mode),
    }).default(defaults.hooks),
    tickets: strict(z, {
      pattern: z
        .string({ error: "expected a regular expression in quotes" })
        .min(1)
        .max(MAX_TICKET_PATTERN)
        .default(defaults.tickets.pattern),
    }).default(defaults.tickets),
    pricing: strict(z, { url: text("an address in quotes") }).default(defaults.pricing),
    maintenance: strict(z, {
      prune_older_than: text("a number of days or weeks, e.g. 90d").refine((age) => age === null || /^[1-9]\d{0,3}[dw]$/.test(age), {
        error: "expected a number of days or weeks, e.g. 90d",
      }),
      archive: text("a folder"),
      textfile: text("a folder"),
    }).default(defaults.maintenance),
    updates: strict(z, { url: text("an address in quotes") }).default(defaults.updates),
    sources: z.record(z.string(), source).default({}),
    budget: budgetSchema(z).nullable().default({}),
    alerts: strict(z, {
      command: listOf(z, lineOf(z, 4096), 100, "a program and its arguments").min(1, "expected a program").nullable().default(null),
    }).default({ command: null }),
    profile: nameOf(z).nullable().default(null),
    secrets: strict(z, { keyring: flagOf(z).default(false) }).default({ keyring: false }),
  });
}

function budgetSchema(z: Z) {
  const limits = { ...limitsShape(z), enforce: flagOf(z).optional() };
  const byName = (what: string) =>
    z
      .record(lineOf(z, 255), strict(z, limits), { error: `expected limits by ${what}` })
      .refine((all) => Object.keys(all).length <= MAX_TARGETS, `expected at most ${MAX_TARGETS}`)
      .nullable()
      .optional();
  return strict(z, { ...limits, branches: byName("branch"), projects: byName("project") });
}
