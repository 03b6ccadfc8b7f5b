/** What `boba run` starts, and with which environment. */
import { basename } from "node:path";
import { loadProfiles } from "../config/profiles.ts";
import { BobaError, EXIT } from "../core/errors.ts";
import type { Profile } from "../core/profile.ts";
import { withoutSecrets } from "../core/secret.ts";
import { type KnownTool, knownTool, toolEnv } from "../core/tool-env.ts";
import type { App } from "./app.ts";
import { toolAccess } from "./credentials.ts";
import { activeProfile, profileNamed } from "./profiles.ts";
import { openSecrets } from "./secret-store.ts";

export interface RunPlan {
  program: string;
  args: readonly string[];
  profile: Profile | null;
  /** Null for a program whose logs boba may or may not know. */
  known: KnownTool | null;
}

/** @throws BobaError BOBA-USE-60 for an unknown profile, BOBA-USE-66 for one that does not suit the tool. */
export async function planRun(app: App, tool: string, args: readonly string[], named: string | null): Promise<RunPlan> {
  const own = (await loadProfiles(app.paths)).find(({ name, adapter }) => name === tool && adapter === "tool") ?? null;
  const [program = tool, ...first] = own?.command ?? [tool];
  const known = knownTool(program);
  const asked = named === null ? null : await profileNamed(app, named);
  if (asked !== null && asked.adapter === "http" && !suits(asked, known))
    throw new BobaError(
      "BOBA-USE-66",
      EXIT.usage,
      `profile ${asked.name} is one of ${asked.provider}, which ${basename(program)} does not ask`,
      "take another one: boba ls profiles",
    );
  const active = asked === null && own === null ? await activeProfile(app) : null;
  const fitting = active !== null && known !== null && active.adapter === "http" && suits(active, known) ? active : null;
  return { program, args: [...first, ...args], profile: asked ?? own ?? fitting, known };
}

const suits = ({ provider }: Profile, known: KnownTool | null): boolean => (known?.provider ?? provider) === provider;

/** The environment of the child alone: ours, without what is for boba only, with what the profile says. @throws BobaError BOBA-SEC-1. */
export async function runEnv(app: App, { program, profile }: RunPlan): Promise<NodeJS.ProcessEnv> {
  const env: NodeJS.ProcessEnv = { ...withoutSecrets(app.env) };
  if (profile === null) return env;
  const secrets = openSecrets(app);
  const { values } = await secrets.fillIn(profile.env);
  const change = { ...toolEnv(basename(program), await toolAccess(profile, secrets), app.env), ...values };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
  return env;
}
