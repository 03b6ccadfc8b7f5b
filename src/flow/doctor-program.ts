/** Are Node.js, git and the clock what boba needs? */
import { CATALOGUE_DATE } from "../core/catalogue.ts";
import { fault, type Finding, fine } from "../core/finding.ts";
import { gitVersion } from "../git/run.ts";
import { nodeVersion } from "../platform/self.ts";
import type { App } from "./app.ts";

const MIN_NODE = [20, 19] as const;
/** `rev-parse --path-format` came with git 2.31 (its release notes). */
const MIN_GIT = [2, 31] as const;

export function checkNode(): Finding {
  return atLeast(nodeVersion, MIN_NODE)
    ? fine("node", `Node.js ${nodeVersion}`)
    : fault("error", "node", {
        what: `Node.js ${nodeVersion} is older than ${MIN_NODE.join(".")}`,
        why: "boba uses what came later",
        mend: "install a newer Node.js, then: npm i -g bobamixer",
      });
}

export async function checkGit(app: App): Promise<Finding> {
  const version = await gitVersion("git", app.env);
  if (version === null)
    return fault("error", "git", {
      what: "git does not answer",
      why: "nothing can be booked to commits",
      mend: "install git, or add it to PATH",
    });
  return atLeast(version, MIN_GIT)
    ? fine("git", `git ${version}`)
    : fault("error", "git", {
        what: `git ${version} is older than ${MIN_GIT.join(".")}`,
        why: "it cannot say where a worktree's files are",
        mend: "install a newer git",
      });
}

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [hasMajor = 0, hasMinor = 0] = version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  return hasMajor > major || (hasMajor === major && hasMinor >= minor);
}

/** The price list is built in: a clock before its day is wrong. */
export function checkClock(app: App): Finding[] {
  if (app.now() >= Date.parse(CATALOGUE_DATE)) return [];
  return [
    fault("error", "clock", {
      what: `this machine's clock says ${new Date(app.now()).toISOString()}, which is before this boba was made (${CATALOGUE_DATE})`,
      why: "what is collected and committed now is booked to days that are past",
      mend: "set the clock, e.g. timedatectl set-ntp true",
    }),
  ];
}
