import { oneAtATime } from "../background.ts";

/** Starts fetching the files that are due, and deleting those whose time is over, after the answer was given. */
export const startMedia = oneAtATime("media", async (config) => {
  const [{ storeDueMedia }, { sweepMedia }] = await Promise.all([
    import("./store-due-media.ts"),
    import("./sweep-media.ts"),
  ]);
  await storeDueMedia(config);
  await sweepMedia(config);
});
