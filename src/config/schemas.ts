/** The files of `~/.boba` and of repositories, as JSON Schema for editors. `scripts/schemas.mjs` writes them to `schemas/`. */
import { pricingSchema } from "./pricing.ts";
import { profilesSchema } from "./profiles.ts";
import { projectSchema } from "./project-file.ts";
import { routesSchema } from "./routes.ts";
import { secretsSchema } from "./secrets.ts";
import { settingsSchema } from "./settings.ts";

/** By the name of the file in `schemas/`, without its ending: the text of each. */
export async function jsonSchemas(): Promise<Record<string, string>> {
  const { z } = await import("zod");
  const schemas = {
    pricing: await pricingSchema(),
    profiles: await profilesSchema(),
    project: await projectSchema(),
    routes: await routesSchema(),
    secrets: await secretsSchema(),
    settings: await settingsSchema(),
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      // Drafts later than 7 are not understood by the editors' YAML support.
      const made = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
      return [name, `${JSON.stringify({ ...made, title: `boba: ${name === "project" ? ".boba-project" : name}.yaml` }, null, 2)}\n`];
    }),
  );
}
