// `npm run schemas`: writes schemas/*.json, for editors, from the schemas that boba itself checks its files with.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

const folder = `.schemas.${process.pid}`;
try {
  const build = await rolldown({ input: "src/config/schemas.ts", platform: "node", external: ["zod", "yaml"] });
  await build.write({ dir: folder, format: "esm", entryFileNames: "schemas.mjs", chunkFileNames: "[name].mjs" });
  const { jsonSchemas } = await import(pathToFileURL(resolve(folder, "schemas.mjs")).href);
  mkdirSync("schemas", { recursive: true });
  for (const [name, text] of Object.entries(await jsonSchemas())) writeFileSync(join("schemas", `${name}.json`), text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
