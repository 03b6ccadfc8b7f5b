import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/helpers/clean-env.ts"],
    // Most of a test is another process that it waits for, so one worker for each processor is not too many.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { shuffle: true },
  },
});
