import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../../lib/error-code.ts";
import { classify } from "../../lib/wasender/classify.ts";

const NOW = Date.UTC(2026, 10, 22, 10);

function answered(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const json = typeof body === "string" ? null : body;
  return classify({ kind: "reply", status, headers, body: json, text: text.slice(0, 500), startedAt: 1 }, NOW);
}
const OK = { success: true, data: { msgId: 100_000, jid: "+393330000001", status: "in_progress" } };
const HTML = `<!DOCTYPE html><html><head><title>502</title><style>b{}</style></head><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>`;

describe("taken", () => {
  it("200 with msgId", () => {
    expect(answered(200, OK)).toEqual({
      outcome: "sent",
      http_status: 200,
      wasender_id: "100000",
      hold_ms: null,
    });
  });

  it.each([
    [201, OK],
    [202, OK],
  ])("%i", (status, body) => {
    expect(answered(status, body)).toMatchObject({ outcome: "sent", http_status: status });
  });

  it.each([{}, { data: null }, { data: [] }, { data: "ok" }, { data: { msgId: null } }, { data: { msgId: {} } }])(
    "200 with %j: it was taken, its id is not known",
    (data) => {
      expect(answered(200, { success: true, ...data })).toMatchObject({ outcome: "sent", wasender_id: null });
    },
  );

  it("and the next slot moves where the limit is reached", () => {
    expect(answered(200, OK, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "58" })).toMatchObject({
      hold_ms: 58_000,
    });
  });
});

describe("refused for good", () => {
  it.each([422, 400, 404])("not on WhatsApp (%i)", (status) => {
    const message = "The provided JID does not exist on WhatsApp.";
    expect(answered(status, { success: false, message })).toEqual({
      outcome: "refused",
      code: "not_on_whatsapp",
      http_status: status,
      detail: message,
    });
  });

  it("not valid, with what is wrong", () => {
    expect(
      answered(422, { success: false, message: "Validation failed", errors: { to: ["The to field is required."] } }),
    ).toEqual({
      outcome: "refused",
      code: "rejected",
      http_status: 422,
      detail: 'Validation failed {"to":["The to field is required."]}',
    });
  });

  it("a no that comes as 200", () => {
    expect(answered(200, { success: false, message: "No." })).toMatchObject({ outcome: "refused", detail: "No." });
  });

  it.each([
    [{ success: false, error: "Under error." }, "Under error."],
    [{ success: false, message: "", error: "Under error." }, "Under error."],
    [{ success: false, message: 5 }, null],
    [{ success: false }, null],
    ["", null],
    [HTML, "502 Bad Gateway nginx"],
  ])("%j in Wasender's words, if it has any", (body, detail) => {
    expect(answered(400, body)).toMatchObject({ outcome: "refused", detail });
  });
});

describe("not now", () => {
  const message = "You are on a free trial. You can only send 1 message every 1 minute.";

  it.each([
    [{ message, retry_after: 37 }, {}, 37_000],
    [{ message, retry_after: "37" }, {}, 37_000],
    [{ message }, { "retry-after": "20" }, 20_000],
    [{ message }, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW / 1000 + 42) }, 42_000],
    [
      { message, retry_after: 60 },
      { "x-ratelimit-daily-remaining": "0", "x-ratelimit-daily-reset": "3600" },
      3_600_000,
    ],
    [{ message }, {}, null],
    [{ message, retry_after: null }, {}, null],
    [{ message, retry_after: 0 }, {}, 0],
  ])("429 %j %j", (body, headers, hold_ms) => {
    expect(answered(429, body, headers)).toEqual({
      outcome: "rate_limited",
      code: "rate_limited",
      http_status: 429,
      hold_ms,
      detail: message,
    });
  });

  it("429 as a page", () => {
    expect(answered(429, "<h1>Too Many Requests</h1>")).toMatchObject({
      outcome: "rate_limited",
      hold_ms: null,
      detail: "Too Many Requests",
    });
  });
});

describe("nothing can be sent until an operator mends it", () => {
  it.each([
    [401, { success: false, message: "Invalid API key" }, "key_refused"],
    [402, { success: false, message: "Payment required" }, "subscription"],
    [403, { success: false, message: "Active subscription or trial is required to use this." }, "subscription"],
    [403, HTML, "subscription"],
    [404, HTML, "wrong_address"],
    [405, { message: "Method not allowed" }, "wrong_address"],
    [301, "", "wrong_address"],
    [302, HTML, "wrong_address"],
  ])("the configuration (%i %j): %s", (status, body, code) => {
    expect(answered(status, body)).toMatchObject({
      outcome: "paused",
      code,
      http_status: status,
      pause_reason: "configuration",
    });
  });

  const down = "Your Whatsapp Session is not connected please connect your session first.";
  it.each([
    [409, { success: false, message: down }],
    [400, { error: down }],
    [422, { success: false, error: down }],
    [403, { success: false, message: down }],
    [200, { success: false, message: down }],
    [400, { success: false, message: "WhatsApp session disconnected" }],
    [400, { success: false, message: "Session has expired, scan again" }],
  ])("the session, known by its words (%i %j)", (status, body) => {
    expect(answered(status, body)).toMatchObject({
      outcome: "paused",
      code: "session_down",
      http_status: status,
      pause_reason: "session",
    });
  });
});

describe("the outcome is unknown", () => {
  it.each([408, 500, 502, 503, 504, 520, 524])("%i, as a page and as JSON", (status) => {
    expect(answered(status, HTML)).toEqual({
      outcome: "unknown",
      code: "server_error",
      http_status: status,
      detail: "502 Bad Gateway nginx",
    });
    expect(answered(status, { success: false, message: "Server Error" })).toMatchObject({ outcome: "unknown" });
  });

  it.each([
    "Your Whatsapp Session is not connected please connect your session first.",
    "session disconnected while sending",
    "The provided JID does not exist on WhatsApp.",
  ])("500 and 408, whatever their words: %s", (message) => {
    for (const status of [408, 500, 503]) {
      expect(answered(status, { success: false, message })).toMatchObject({
        outcome: "unknown",
        code: "server_error",
        detail: message,
      });
    }
  });

  it.each([
    "",
    HTML,
    "OK",
    {},
    [],
    { data: { msgId: 1 } },
    { success: "true" },
    { success: null },
    { error: "session expired" },
  ])("200 with %j, which says neither yes nor no", (body) => {
    expect(answered(200, body)).toMatchObject({ outcome: "unknown", code: "server_error", http_status: 200 });
  });

  it("no answer after something left", () => {
    expect(
      classify({ kind: "no_reply", left: true, late: false, startedAt: 1, cause: "ECONNRESET: reset" }, NOW),
    ).toEqual({ outcome: "unknown", code: "no_answer", http_status: null, detail: null });
  });
});

describe("never sent", () => {
  it("no connection came about", () => {
    expect(
      classify({ kind: "no_reply", left: false, late: false, startedAt: null, cause: "ECONNREFUSED" }, NOW),
    ).toEqual({ outcome: "not_sent", retry: "later", code: "unreachable", http_status: null, detail: null });
  });

  it("the connection stood too late for the slot", () => {
    expect(classify({ kind: "no_reply", left: false, late: true, startedAt: null, cause: "late" }, NOW)).toEqual({
      outcome: "not_sent",
      retry: "at_once",
      code: "slot_missed",
      http_status: null,
      detail: null,
    });
  });
});

describe("whatever Wasender answers", () => {
  const answer = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        success: fc.jsonValue(),
        message: fc.jsonValue(),
        error: fc.jsonValue(),
        errors: fc.jsonValue(),
        data: fc.jsonValue(),
        retry_after: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  );

  it("a page or JSON, the outcome can be stored, and only a clear yes is one", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 599 }),
        fc.oneof(answer, fc.string({ unit: "binary", maxLength: 600 })),
        (status, body) => {
          const attempt = answered(status, body);
          const stored = JSON.stringify(attempt);
          expect(stored).not.toMatch(/\\u0000|\\ud[89a-f]/i);
          if (attempt.outcome === "sent")
            expect(status < 300 && (body as { success?: unknown }).success === true).toBe(true);
          if ("hold_ms" in attempt && attempt.hold_ms !== null) expect(Number.isInteger(attempt.hold_ms)).toBe(true);
          if (attempt.outcome === "sent") return;
          expect(ERROR_CODES).toContain(attempt.code);
          if (status >= 500) expect(attempt.outcome).toBe("unknown");
          if (attempt.detail !== null) expect(attempt.detail).toMatch(/./s);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("words that are cut in the middle of a sign, or hold NUL, can be stored", () => {
    for (const length of [199, 499]) {
      for (const body of [`${"x".repeat(length)}😀`, { success: false, message: `${"x".repeat(length)}😀\u0000` }]) {
        const attempt = answered(422, body);
        const detail = attempt.outcome === "sent" ? expect.unreachable() : attempt.detail;
        expect(detail?.isWellFormed()).toBe(true);
        expect(detail).not.toContain("\u0000");
      }
    }
  });
});
