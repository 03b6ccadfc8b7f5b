/** What is needed before the program's bulk is loaded. */
export { loadKept } from "./platform/code-cache.ts";
export { openOutput } from "./platform/output.ts";
export { resolvePaths } from "./platform/paths.ts";
