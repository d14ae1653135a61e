/** What the sandbox answers: JSON if the body is an object, else HTML. */
export type Answer = { status: number; body: object | string; headers?: Record<string, string> };

// Wasender's own words (Wasender's documentation): a program may know an answer only by them.
export const invalidKey: Answer = { status: 401, body: { success: false, message: "Invalid API key" } };
export const unknownJid: Answer = {
  status: 422,
  body: { success: false, message: "The provided JID does not exist on WhatsApp." },
};
export const notConnected: Answer = {
  status: 409,
  body: {
    success: false,
    message: "Your Whatsapp Session is not connected please connect your session first.",
  },
};
export const notFound: Answer = { status: 404, body: { success: false, message: "Not found." } };

export function validationFailed(errors: Record<string, string[]>): Answer {
  return { status: 422, body: { success: false, message: "Validation failed", errors } };
}

export function tooMany(message: string, retryAfterSeconds: number, headers: Record<string, string> = {}): Answer {
  return {
    status: 429,
    headers: { ...headers, "Retry-After": String(Math.ceil(retryAfterSeconds)) },
    body: { message, retry_after: retryAfterSeconds },
  };
}
