import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What `npm run dev` says of itself: here too, requests are a developer's own, on this machine. */
const env = { LOCAL_DEVELOPMENT: "true" };

// Nothing asserts a time: these only end what hangs, also on a machine that is busy with something else.
const shared = {
  env,
  unstubEnvs: true,
  // To load what they have in common took a third of the tests' time, PGlite's program most of it.
  isolate: false,
  setupFiles: ["tests/helpers/clean-process.ts"],
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 20_000 } },
};

const onPostgres = { env: { ...env, TEST_DATABASE: "postgres" }, globalSetup: ["tests/helpers/postgres-server.ts"] };
const onPglite = { env: { ...env, TEST_DATABASE: "pglite" }, globalSetup: ["tests/helpers/pglite-image.ts"] };

/** Begins with what waits longest, for slots, builds and browsers: the others fill the machine meanwhile. */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = ({ moduleId }: TestSpecification) => /\/(parallel-drains|browser\/|deploy\/)/.test(moduleId);
    return (await super.sort(files)).toSorted((a, b) => Number(waits(b)) - Number(waits(a)));
  }
}

export default defineConfig({
  test: {
    // Many tests wait for a poll, a process or a browser; with a worker a core a small machine would idle half the time.
    maxWorkers: Math.max(5, availableParallelism()),
    sequence: { sequencer: WaitingFirst },
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
      { test: { ...shared, name: "deploy", include: ["tests/deploy/**/*.test.ts"], ...onPostgres } },
      {
        test: {
          ...shared,
          name: "browser",
          include: ["tests/browser/**/*.test.ts"],
          ...onPostgres,
          globalSetup: [...onPostgres.globalSetup, "tests/helpers/launch-browser.ts"],
        },
      },
      {
        test: {
          ...shared,
          name: "postgres",
          include: ["tests/integration/**/*.test.ts", "tests/postgres/**/*.test.ts"],
          // What starts its own world, or asks no database, does so once.
          exclude: ["dev", "readme", "setup"].map((name) => `tests/integration/${name}.test.ts`),
          ...onPostgres,
        },
      },
    ],
  },
});
