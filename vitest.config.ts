import { defineConfig } from "vitest/config";

/** What `npm run dev` says of itself: here too, requests are a developer's own, on this machine. */
const env = { LOCAL_DEVELOPMENT: "true" };

const shared = {
  env,
  unstubEnvs: true,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // The handlers write one line a request; a failing test is easier to read without them.
  onConsoleLog: () => false as const,
};

export default defineConfig({
  test: {
    // Many tests wait for a poll, a clock or a browser; one worker would leave a small machine idle meanwhile.
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: "unit", include: ["tests/unit/**/*.test.ts"] } },
      {
        test: {
          ...shared,
          name: "pglite",
          include: ["tests/integration/**/*.test.ts"],
          env: { ...env, TEST_DATABASE: "pglite" },
        },
      },
      {
        test: {
          ...shared,
          name: "deploy",
          include: ["tests/deploy/**/*.test.ts"],
          env: { ...env, TEST_DATABASE: "pglite" },
        },
      },
      {
        test: {
          ...shared,
          name: "browser",
          include: ["tests/browser/**/*.test.ts"],
          env: { ...env, TEST_DATABASE: "pglite" },
        },
      },
      {
        test: {
          ...shared,
          name: "postgres",
          include: ["tests/integration/**/*.test.ts", "tests/postgres/**/*.test.ts"],
          // What starts its own world does so once, on the embedded default.
          exclude: ["tests/integration/dev.test.ts", "tests/integration/readme.test.ts"],
          env: { ...env, TEST_DATABASE: "postgres" },
          globalSetup: ["tests/helpers/postgres-server.ts"],
        },
      },
    ],
  },
});
