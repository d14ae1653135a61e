import { defineConfig } from "vitest/config";

const shared = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

const onPglite = { env: { TEST_DATABASE: "pglite" }, globalSetup: ["tests/helpers/pglite-image.ts"] };

export default defineConfig({
  test: {
    // Many tests wait for a poll, a clock or a browser; one worker would leave a small machine idle meanwhile.
    maxWorkers: 2,
    // The handlers write one line a request.
    silent: "passed-only",
    projects: [
      { test: { ...shared, name: "unit", include: ["tests/unit/**/*.test.ts"] } },
      {
        test: {
          ...shared,
          name: "pglite",
          include: ["tests/integration/**/*.test.ts"],
          ...onPglite,
        },
      },
      { test: { ...shared, name: "deploy", include: ["tests/deploy/**/*.test.ts"], ...onPglite } },
      {
        test: {
          ...shared,
          name: "browser",
          include: ["tests/browser/**/*.test.ts"],
          ...onPglite,
          globalSetup: [...onPglite.globalSetup, "tests/helpers/launch-browser.ts"],
        },
      },
      {
        test: {
          ...shared,
          name: "postgres",
          include: ["tests/integration/**/*.test.ts", "tests/postgres/**/*.test.ts"],
          // What starts its own world, or asks no database, does so once.
          exclude: ["dev", "readme", "setup"].map((name) => `tests/integration/${name}.test.ts`),
          env: { TEST_DATABASE: "postgres" },
          globalSetup: ["tests/helpers/postgres-server.ts"],
        },
      },
    ],
  },
});
