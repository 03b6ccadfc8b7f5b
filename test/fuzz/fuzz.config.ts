import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["test/fuzz/run.ts"], setupFiles: ["test/helpers/clean-env.ts"], testTimeout: 0 },
});
