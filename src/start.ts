/** What every command but `boba --version` needs, loaded as one. */
export { runCli } from "./cli/run.ts";
export { openLog } from "./platform/log.ts";
