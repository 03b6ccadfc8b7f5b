/** The end of a test's folder, while processes that hooks left in the background may still write there. */
import { rm } from "node:fs/promises";

/**
 * Removes `path` and all below it; nothing there is no fault. `rmSync` will not do: what it tries again on ENOTEMPTY is the last `rmdir` alone, not
 * what was written into the folder meanwhile (nodejs/node, lib/internal/fs/rimraf.js of version 20), so it fails however often it tries.
 */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
