/** What is needed before the program's bulk is loaded. */
export { loadKept } from "./platform/code-cache.ts";
export { resolvePaths } from "./platform/paths.ts";
