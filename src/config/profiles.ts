/** `~/.boba/profiles.yaml`: named ways to reach a model. */
import type { z as Zod } from "zod";
import { ADAPTERS, type Profile } from "../core/profile.ts";
import { isLoopback } from "../core/loopback.ts";
import { NAME } from "../core/secret.ts";
import { SECRET_MARK, secretsNamed } from "../core/secret-reference.ts";
import type { Paths } from "../platform/paths.ts";
import { readConfigText } from "./config-text.ts";
import { flagOf, lineOf, limitsShape, listOf, nameOf, strict, toLimits, type Z } from "./schema-parts.ts";
import { BAD_NAME, type ConfigFile, parseConfigFile } from "./yaml-file.ts";

const MAX_PROFILES = 500;
const MAX_ENTRIES = 100;
const MAX_VALUE = 16_384;
/** RFC 9110, section 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const LINE = /^[^\0-\u0008\u000a-\u001f\u007f]*$/;

type File = Zod.infer<Awaited<ReturnType<typeof profilesSchema>>>;
type Entry = Zod.infer<ReturnType<typeof profileSchema>>;

/** The user's profiles in the order of the file; none when it is missing. @throws BobaError BOBA-CFG-1 to -4, -12, -13. */
export async function loadProfiles(paths: Paths): Promise<Profile[]> {
  const text = readConfigText(paths.profiles);
  return text === null ? [] : parseProfiles(paths.profiles, text);
}

/** The same for a text that is not in place yet. */
export async function parseProfiles(path: string, text: string): Promise<Profile[]> {
  const file = await parseConfigFile(path, text, profilesSchema);
  const profiles: Profile[] = [];
  for (const [where, name, entry] of entriesOf(file)) {
    if (!NAME.test(name)) throw file.fault(where, BAD_NAME);
    if (profiles.some((other) => other.name === name)) throw file.fault(where, `there is another profile called \`${name}\``);
    profiles.push(toProfile(name, entry));
  }
  return profiles;
}

type Where = readonly PropertyKey[];

/** A mapping is named by its keys, an entry of a list by its `key`, else its `name`. */
function entriesOf({ value, fault }: ConfigFile<File>): [Where, string, Entry][] {
  const { profiles } = value;
  if (profiles === null) return [];
  if (!Array.isArray(profiles)) return Object.entries(profiles).map(([name, entry]) => [["profiles", name], name, entry]);
  return profiles.map((entry, index) => {
    const name = entry.key ?? entry.name;
    if (name === undefined) throw fault(["profiles", index], "expected `key`: what the profile is called");
    return [["profiles", index], name, entry];
  });
}

function toProfile(name: string, entry: Entry): Profile {
  const { cost_per_1k: cost, max_tokens, temperature } = entry;
  return {
    name,
    adapter: entry.adapter ?? (entry.command === undefined ? "http" : "tool"),
    provider: entry.provider,
    endpoint: entry.endpoint ?? null,
    model: entry.model ?? null,
    headers: entry.headers ?? {},
    env: entry.env ?? {},
    command: typeof entry.command === "string" ? [entry.command] : (entry.command ?? null),
    params: {
      ...entry.params,
      ...(max_tokens === undefined ? {} : { max_tokens }),
      ...(temperature === undefined ? {} : { temperature }),
    },
    tags: entry.tags ?? [],
    costPer1k: cost === undefined || cost === null ? null : { inputUsd: cost.input, outputUsd: cost.output },
    budget: entry.budget === undefined || entry.budget === null ? null : toLimits(entry.budget),
  };
}

export async function profilesSchema() {
  const { z } = await import("zod");
  const profile = profileSchema(z);
  const what = { error: "expected profiles by name" };
  return strict(z, {
    profiles: z
      .union([
        z.array(profile, what).max(MAX_PROFILES, `expected at most ${MAX_PROFILES} profiles`),
        z
          .record(nameOf(z), profile, what)
          .refine((all) => Object.keys(all).length <= MAX_PROFILES, `expected at most ${MAX_PROFILES} profiles`),
      ])
      .nullable()
      .default({}),
  });
}

function profileSchema(z: Z) {
  const open = (max: number) =>
    lineOf(z, max).refine((value) => !value.includes(SECRET_MARK), "a secret can stand in headers and env only");
  const usd = z
    .number({ error: "expected US dollars per thousand tokens, e.g. 0.003" })
    .min(0, "a price is 0 or more")
    .max(1e4, "expected at most 10,000");
  const command = z
    .union([open(1024), listOf(z, open(4096), MAX_ENTRIES, "a program and its arguments").min(1, "expected a program")])
    .optional();
  return strict(z, {
    key: nameOf(z).optional(),
    name: lineOf(z, 100).optional(),
    adapter: z.enum(ADAPTERS, { error: `expected one of ${ADAPTERS.join(", ")}` }).optional(),
    provider: lineOf(z, 64).regex(/^[a-z0-9][a-z0-9._-]*$/, "expected a provider's name in small letters, e.g. anthropic"),
    endpoint: open(2000).superRefine(checkEndpoint).nullable().optional(),
    model: open(200).nullable().optional(),
    headers: values(z, HEADER_NAME, "headers", "expected the name of a header, e.g. x-api-key").optional(),
    env: values(z, ENV_NAME, "variables", "expected the name of a variable, e.g. ANTHROPIC_API_KEY").optional(),
    command,
    params: z
      .record(lineOf(z, 64), z.union([z.boolean(), z.number(), open(4096)], { error: "expected a number, text, true or false" }), {
        error: "expected parameters by name",
      })
      .optional(),
    max_tokens: z
      .int({ error: "expected a whole number" })
      .min(1, "expected 1 or more")
      .max(1e8, "expected at most 100,000,000")
      .optional(),
    temperature: z.number({ error: "expected a number" }).min(0, "expected 0 or more").max(2, "expected at most 2").optional(),
    tags: listOf(z, lineOf(z, 64), MAX_ENTRIES, "tags").optional(),
    cost_per_1k: strict(z, { input: usd, output: usd }).nullable().optional(),
    budget: strict(z, { ...limitsShape(z), enforce: flagOf(z).optional() })
      .nullable()
      .optional(),
  }).superRefine((entry, context) => {
    const fail = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if (entry.adapter === "tool" && entry.command === undefined) fail([], "expected `command`: the program that this profile runs");
    if (entry.adapter === "http" && entry.command !== undefined)
      fail(["command"], "an `http` profile runs no program; did you mean `adapter: tool`?");
    for (const direct of ["max_tokens", "temperature"] as const)
      if (entry[direct] !== undefined && entry.params?.[direct] !== undefined) fail([direct], "it is in `params` too: give it once");
  });
}

/** Names and the text for each, in which `secret://name` may stand. */
function values(z: Z, name: RegExp, what: string, badName: string) {
  const value = z
    .string({ error: "expected text; put it in quotes" })
    .max(MAX_VALUE, `expected at most ${MAX_VALUE} characters`)
    .regex(LINE, "expected one line without control characters")
    .refine((text) => secretsNamed(text) !== null, "expected secret://name, with the name of a secret in secrets.yaml");
  return z
    .record(z.string().regex(name, badName), value, { error: `expected ${what} by name` })
    .refine((all) => Object.keys(all).length <= MAX_ENTRIES, `expected at most ${MAX_ENTRIES} ${what}`);
}

function checkEndpoint(text: string, context: { addIssue(issue: { code: "custom"; message: string }): void }): void {
  const fail = (message: string): void => context.addIssue({ code: "custom", message });
  if (!URL.canParse(text)) return fail("expected an address, e.g. https://api.anthropic.com");
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return fail("no name or password in an address: use headers with secret://name");
  if (protocol !== "https:" && !(protocol === "http:" && isLoopback(hostname)))
    fail("expected https://, or http:// to this machine (localhost, 127.0.0.1, [::1])");
}
