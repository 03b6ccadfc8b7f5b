/** Where a record was made: what turns a logged folder into a worktree, a repository and a project. */

export interface Place {
  /** Null outside any repository. */
  repoId: number | null;
  worktreeId: number;
  project: string | null;
}

/** An edited file as a worktree knows it: the path is relative to the worktree's root, with `/` between its parts. */
export interface PlacedFile {
  place: Place;
  path: string;
}

/** Resolves folders in batches (git is asked once per worktree never seen before), then answers from memory. */
export interface Placer {
  /** `folders`: where agents stood, each a place even outside any repository; `fileFolders`: where edited files lie. */
  resolve(folders: ReadonlySet<string>, fileFolders: ReadonlySet<string>): Promise<void>;
  /** The place of a folder that was resolved; null for null. */
  placeOf(folder: string | null): Place | null;
  /** The worktree that a file lies in; null when its folder lies in none. */
  placeFile(absolutePath: string): PlacedFile | null;
}
