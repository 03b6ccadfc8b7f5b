/** What newer gits have: asked once, so that other gits are never asked for it. */
import type { Sandbox } from "../helpers/sandbox.ts";

export interface Abilities {
  /** `git history reword|fixup|split` (2.54 and later). */
  history: boolean;
  /** `git replay --onto` (2.44 and later), and how it is made to print what it would do. */
  replay: readonly string[] | null;
}

export function abilitiesOf(box: Sandbox): Abilities {
  const help = (command: string) => box.tryGit(box.dir, [command, "-h"]).stdout;
  const [history, replay] = [help("history"), help("replay")];
  return {
    history: ["reword", "fixup", "split"].every((verb) => history.includes(`git history ${verb}`)),
    replay: !replay.includes("git replay") ? null : replay.includes("--ref-action") ? ["--ref-action=print"] : [],
  };
}
