import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["test/faults/run.ts"], setupFiles: ["test/helpers/clean-env.ts"], testTimeout: 0, disableConsoleIntercept: true },
});
