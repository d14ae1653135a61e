/** @import { Thread } from "./types.js" */
import { store } from "./store.js";

/** What all messages share of why they wait: if it changes, their reasons may have. */
export const sharedHold = () => JSON.stringify([store.sender?.hours, store.sender?.paused]);

/** @param {Thread | undefined} thread */
export const hasQueued = (thread) => [...(thread?.messages.values() ?? [])].some(({ status }) => status === "queued");
