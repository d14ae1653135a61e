import { oneAtATime } from "../background.ts";

/**
 * Starts fetching the files that are due, and deleting those whose time is over, after the answer was given. Tells at
 * once of a file that is lost.
 */
export const startMedia = oneAtATime("media", async (config) => {
  const [{ storeDueMedia }, { sweepMedia }, { tell }] = await Promise.all([
    import("./store-due-media.ts"),
    import("./sweep-media.ts"),
    import("../alert/start-telling.ts"),
  ]);
  try {
    await storeDueMedia(config);
    await sweepMedia(config);
  } finally {
    await tell(config);
  }
});
