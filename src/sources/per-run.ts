/** What is looked up once for all files of a source in one run, such as a map of folders that lies beside the logs. */
import type { SourceFile } from "./source.ts";

/** A function that calls `make` once for each root and list of files: the list is made anew in each run. */
export function perRun<T>(make: (root: string, all: readonly SourceFile[]) => T): (root: string, all: readonly SourceFile[]) => T {
  const known = new WeakMap<readonly SourceFile[], Map<string, T>>();
  return (root, all) => {
    let roots = known.get(all);
    if (roots === undefined) known.set(all, (roots = new Map()));
    let made = roots.get(root);
    if (made === undefined) roots.set(root, (made = make(root, all)));
    return made;
  };
}
