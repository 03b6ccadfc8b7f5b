/** Where a repository keeps what it says of itself. */

/** At the root of a worktree. */
export const PROJECT_FILE = ".boba-project.yaml";
