import { type Answer, tooMany, unknownJid } from "./answer.ts";

/**
 * What goes wrong with a send. `accepted` says whether the message goes out nevertheless: the sender cannot know.
 * `reset` closes the connection, `hang` never answers.
 */
export type Fault =
  | { kind: "answer"; answer: Answer; accepted: boolean }
  | { kind: "reset"; accepted: boolean }
  | { kind: "hang"; accepted: boolean };

/** The faults that Wasender and the way to it are known for. */
export const faults = {
  rateLimited: (retryAfterSeconds = 60): Fault => ({
    kind: "answer",
    answer: tooMany("You are on a free trial. You can only send 1 message every 1 minute.", retryAfterSeconds),
    accepted: false,
  }),
  notOnWhatsapp: (): Fault => ({ kind: "answer", answer: unknownJid, accepted: false }),
  serverError: (accepted = false): Fault => ({
    kind: "answer",
    answer: { status: 500, body: "<!DOCTYPE html><html><body><h1>500 Server Error</h1></body></html>" },
    accepted,
  }),
  reset: (accepted: boolean): Fault => ({ kind: "reset", accepted }),
  hang: (accepted: boolean): Fault => ({ kind: "hang", accepted }),
} as const;
