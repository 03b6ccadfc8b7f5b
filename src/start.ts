/** What every command but `boba --version` needs, loaded as one. */
export { runCli } from "./cli/run.ts";
export { keepCode } from "./platform/keep-code.ts";
export { openLog } from "./platform/log.ts";
export { openOutput } from "./platform/output.ts";
