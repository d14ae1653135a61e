import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBody } from "../../lib/http/body.ts";
import { parseWasenderWebhook, type WasenderEvent } from "../../lib/wasender/event.ts";
import { toParty } from "../../lib/wasender/jid.ts";

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/wasender/${name}.json`, import.meta.url), "utf8"));

function eventsOf(body: unknown): WasenderEvent[] {
  const parsed = parseWasenderWebhook(body);
  return parsed.kind === "usable" ? parsed.value : expect.unreachable(`${parsed.kind}: ${parsed.why}`);
}
const KEY = { id: "3EB0A1", fromMe: false, remoteJid: "393330000001@s.whatsapp.net" };
const received = (key: object, message: unknown = { conversation: "Ecco" }, more: object = {}) => ({
  event: "messages.received",
  timestamp: 1_755_781_200,
  data: { messages: { key: { ...KEY, ...key }, message, ...more } },
});
const first = (body: unknown) => {
  const [event] = eventsOf(body);
  return event ?? expect.unreachable("no event");
};
const incoming = (body: unknown) => {
  const event = first(body);
  return event.kind === "incoming" ? event : expect.unreachable(event.kind);
};
const contentOf = (message: unknown, messageBody?: unknown) => {
  const { type, text, media, quoted_whatsapp_id } = incoming(received({}, message, { messageBody }));
  return { type, text, media, quoted: quoted_whatsapp_id };
};
const kindOf = (body: unknown) => parseWasenderWebhook(body).kind;
const NOTHING = { contact_name: null, media: null, quoted_whatsapp_id: null };

describe("each fixture", () => {
  it.each<[string, WasenderEvent]>([
    [
      "received-text",
      {
        kind: "incoming",
        whatsapp_id: "3EB0A1B2C3D4E5F60718",
        objection: null,
        label: { value: "promise", date: "2025-08-21" },
        code: null,
        phone_number: "+393330000001",
        lid: "98700000000001@lid",
        type: "text",
        text: "Buongiorno, le mando la bolletta stasera",
        message_at: "2025-08-21T12:59:59.000Z",
        ...NOTHING,
        contact_name: "Maria",
      },
    ],
    [
      "received-text-lid",
      {
        kind: "incoming",
        whatsapp_id: "3EB0LID00000000001",
        objection: null,
        label: { value: "other", date: null },
        code: null,
        phone_number: "+393330000001",
        lid: "98700000000001@lid",
        type: "text",
        text: "Ecco",
        message_at: "2025-08-21T13:00:00.000Z",
        ...NOTHING,
        quoted_whatsapp_id: "3EB0D75251003A85",
      },
    ],
    [
      "received-text-lid-only",
      {
        kind: "incoming",
        whatsapp_id: "3EB0LID00000000002",
        objection: null,
        label: { value: "question", date: null },
        code: null,
        phone_number: null,
        lid: "98700000000001@lid",
        type: "text",
        text: "Pronto?",
        message_at: "2025-08-21T13:00:00.000Z",
        ...NOTHING,
      },
    ],
    [
      "received-image",
      {
        kind: "incoming",
        whatsapp_id: "3EB0IMG0000000001",
        objection: null,
        label: { value: "other", date: null },
        code: null,
        phone_number: "+393330000001",
        lid: null,
        type: "image",
        text: "Foto bolletta",
        message_at: "2025-08-21T13:03:20.000Z",
        ...NOTHING,
        media: expect.objectContaining({
          url: "https://mmg.whatsapp.net/o1/v/t62.7118-24/y.enc",
          mimetype: "image/jpeg",
          mediaKey: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
          fileSha256: "BASE64",
          fileLength: 12_345,
          directPath: "/o1/v/t62.7118-24/y.enc",
        }),
      },
    ],
    [
      "received-pdf",
      {
        kind: "incoming",
        whatsapp_id: "3EB0DOC0000000001",
        objection: null,
        label: { value: "other", date: null },
        code: null,
        phone_number: "+393330000001",
        lid: null,
        type: "document",
        text: "Bolletta",
        message_at: "2025-08-21T13:01:39.000Z",
        ...NOTHING,
        contact_name: "Maria",
        media: expect.objectContaining({
          mimetype: "application/pdf",
          fileName: "bolletta.pdf",
          fileEncSha256: "BASE64",
          fileLength: 48_213,
          pageCount: 2,
        }),
      },
    ],
    [
      "upsert-echo-of-ours",
      {
        kind: "outgoing",
        whatsapp_id: "3EB0D75251003A85",
        wasender_id: null,
        status: "sent",
        phone_number: "+393330000001",
        lid: null,
        type: "text",
        text: "Buongiorno, sono Samuela…",
        message_at: "2025-08-21T13:06:40.000Z",
        ...NOTHING,
      },
    ],
    [
      "sent-ok",
      {
        kind: "outgoing",
        whatsapp_id: "3EB0D75251003A85",
        wasender_id: "100000",
        status: "sent",
        phone_number: "+393330000001",
        lid: null,
        type: "text",
        text: "Buongiorno, sono Samuela…",
        message_at: "2025-08-21T13:06:40.000Z",
        ...NOTHING,
      },
    ],
    [
      "sent-failed",
      {
        kind: "send_failed",
        phone_number: "+393330000001",
        error: "Failed to send message: Invalid number JID: +393330000001",
      },
    ],
    [
      "update-delivered",
      {
        kind: "status",
        whatsapp_id: "3EB0D75251003A85",
        wasender_id: "100000",
        status: "delivered",
        code: null,
        error: null,
      },
    ],
    ["session-need-scan", { kind: "session", status: "need_scan" }],
  ])("%s", (name, event) => {
    expect(eventsOf(fixture(name))).toEqual([event]);
  });

  it.each(["received-group", "upsert-status-story"])("%s is no customer's reply", (name) => {
    expect(kindOf(fixture(name))).toBe("ignored");
  });
});

describe("the event's name", () => {
  it.each(["messages.received", "messages-personal.received", "messages.upsert"])("%s brings messages", (event) => {
    expect(incoming({ ...received({}), event }).text).toBe("Ecco");
  });

  it("does not matter to what the message is: the same one under three names is one", () => {
    const [a, b, c] = ["messages.received", "messages-personal.received", "messages.upsert"].map((event) =>
      incoming({ ...received({}), event }),
    );
    expect(b).toEqual(a);
    expect(c).toEqual(a);
  });

  it.each([
    "messages-group.received",
    "messages-newsletter.received",
    "messages.delete",
    "messages.reaction",
    "message-receipt.update",
    "qrcode.updated",
    "chats.upsert",
    "chats.update",
    "contacts.upsert",
    "groups.update",
    "poll.results",
    "call",
    "call.received",
    "something.new",
  ])("%s is ignored", (event) => {
    expect(parseWasenderWebhook({ ...received({}), event })).toMatchObject({ kind: "ignored", eventType: event });
  });

  it.each([null, [], "text", 1, {}, { event: "" }, { event: 5 }, { data: {} }])(
    "missing in %j, nothing is recognised",
    (body) => {
      expect(parseWasenderWebhook(body)).toMatchObject({ kind: "unrecognised", eventType: null });
    },
  );

  it.each([
    { event: "messages.received" },
    { event: "messages.received", data: null },
    { event: "messages.received", data: {} },
    { event: "messages.upsert", data: { messages: [null, "x", { key: "x" }] } },
    { event: "messages.update", data: "x" },
    { event: "message.sent" },
    { event: "session.status", data: {} },
    { event: "session.status", data: { status: 5 } },
  ])("with nothing behind it, %j is not recognised", (body) => {
    expect(parseWasenderWebhook(body)).toMatchObject({ kind: "unrecognised", eventType: body.event });
  });
});

describe("where the message is", () => {
  const message = { key: KEY, message: { conversation: "Ecco" } };
  it.each([
    ["data.messages", { messages: message }],
    ["data.messages as a list", { messages: [message] }],
    ["data itself", message],
    ["data as a list", [message]],
  ])("%s", (_, data) => {
    expect(eventsOf({ event: "messages.received", data })).toMatchObject([
      { kind: "incoming", whatsapp_id: "3EB0A1", text: "Ecco" },
    ]);
  });

  it("each one of a list counts, and one that is broken does not hide the others", () => {
    const other = { key: { ...KEY, id: "3EB0A2" }, message: { conversation: "Due" } };
    expect(eventsOf({ event: "messages.upsert", data: { messages: [message, null, other] } })).toMatchObject([
      { whatsapp_id: "3EB0A1" },
      { whatsapp_id: "3EB0A2" },
    ]);
  });

  it("an empty list is nothing to use", () => {
    expect(kindOf({ event: "messages.upsert", data: { messages: [] } })).toBe("ignored");
  });
});

describe("who sent it", () => {
  const LID = "98700000000001@lid";
  const from = (key: object) => {
    const { phone_number, lid } = incoming(received({ remoteJid: undefined, ...key }));
    return { phone_number, lid };
  };
  const PHONE = "+393330000001";

  it.each([
    ["cleanedSenderPn without +", { remoteJid: LID, cleanedSenderPn: "393330000001" }, PHONE, LID],
    ["cleanedSenderPn with +", { remoteJid: LID, cleanedSenderPn: "+393330000001" }, PHONE, LID],
    ["cleanedSenderPn as a number", { remoteJid: LID, cleanedSenderPn: 393330000001 }, PHONE, LID],
    [
      "cleanedSenderPn before senderPn",
      { remoteJid: LID, cleanedSenderPn: "393330000001", senderPn: "393330000002@s.whatsapp.net" },
      PHONE,
      LID,
    ],
    ["senderPn, a phone JID", { remoteJid: LID, senderPn: "393330000001@s.whatsapp.net" }, PHONE, LID],
    ["senderPn that is a LID", { remoteJid: LID, senderPn: LID }, null, LID],
    ["remoteJid", { remoteJid: "393330000001@s.whatsapp.net" }, PHONE, null],
    ["remoteJid with a device", { remoteJid: "393330000001:12@s.whatsapp.net" }, PHONE, null],
    ["remoteJid of the old kind", { remoteJid: "393330000001@c.us" }, PHONE, null],
    ["remoteJid, the LID beside it", { remoteJid: "393330000001@s.whatsapp.net", senderLid: LID }, PHONE, LID],
    ["remoteJidAlt", { remoteJid: LID, remoteJidAlt: "393330000001@s.whatsapp.net" }, PHONE, LID],
    ["a LID with a device", { remoteJid: "98700000000001:3@lid" }, null, LID],
    ["a LID alone", { remoteJid: LID, senderLid: LID }, null, LID],
    [
      "a LID whose digits were put in the place of the number",
      { remoteJid: "4915123456789@lid", cleanedSenderPn: "4915123456789" },
      null,
      "4915123456789@lid",
    ],
    ["an empty cleanedSenderPn", { remoteJid: LID, cleanedSenderPn: "", senderPn: "" }, null, LID],
    [
      "a number of a form that WhatsApp still uses",
      { remoteJid: "5213331234567@s.whatsapp.net" },
      "+5213331234567",
      null,
    ],
    [
      "an address of a kind nobody knows beside the number",
      { remoteJid: "393330000001@s.whatsapp.net", senderPn: "x@new" },
      PHONE,
      null,
    ],
  ])("%s", (_, key, phone_number, lid) => {
    expect(from(key)).toEqual({ phone_number, lid });
  });

  it.each([
    "123456789-987654321@g.us",
    "120363000000000000@g.us",
    "status@broadcast",
    "1234567890@broadcast",
    "120363000000000000@newsletter",
    "13135550002@bot",
    "0@s.whatsapp.net",
  ])("nobody that we wrote to, in the chat %s", (remoteJid) => {
    const key = {
      remoteJid,
      participant: LID,
      participantPn: "393330000001@s.whatsapp.net",
      cleanedParticipantPn: "393330000001",
    };
    expect(kindOf(received(key))).toBe("ignored");
    expect(kindOf({ ...received({ ...key, senderPn: "393330000001@s.whatsapp.net" }), event: "messages.upsert" })).toBe(
      remoteJid.startsWith("0@") ? "usable" : "ignored",
    );
  });

  it.each([true, "true", 1])("we did, where fromMe is %j", (fromMe) => {
    expect(eventsOf(received({ fromMe }, { conversation: "Ciao" }, { pushName: "Greengen" }))).toMatchObject([
      { kind: "outgoing", whatsapp_id: "3EB0A1", phone_number: PHONE, contact_name: null, status: "sent" },
    ]);
    expect(kindOf(received({ fromMe, remoteJid: "1@g.us" }))).toBe("ignored");
  });

  it.each([false, "false", 0, null, undefined])("they did, where fromMe is %j", (fromMe) => {
    expect(first(received({ fromMe })).kind).toBe("incoming");
  });
});

describe("a JID", () => {
  it.each([
    ["393330000001@s.whatsapp.net", { kind: "phone", phone_number: "+393330000001" }],
    ["+393330000001", { kind: "phone", phone_number: "+393330000001" }],
    ["393330000001:7@S.WhatsApp.net", { kind: "phone", phone_number: "+393330000001" }],
    ["98700000000001@lid", { kind: "lid", lid: "98700000000001@lid" }],
    ["98700000000001:7@hosted.lid", { kind: "lid", lid: "98700000000001@lid" }],
    ["@lid", { kind: "none" }],
    [`${"9".repeat(20)}@lid`, { kind: "lid", lid: `${"9".repeat(20)}@lid` }],
    [`${"9".repeat(21)}@lid`, { kind: "none" }],
    [`${"9".repeat(8_000)}@lid`, { kind: "none" }],
    ["@s.whatsapp.net", { kind: "none" }],
    ["1@g.us", { kind: "many" }],
    ["98700000000001", { kind: "none" }],
    ["", { kind: "none" }],
    [393330000001, { kind: "none" }],
    [null, { kind: "none" }],
  ])("%j", (jid, party) => {
    expect(toParty(jid)).toEqual(party);
  });
});

describe("what was said", () => {
  it.each([
    ["conversation", { conversation: "Ecco" }, undefined, "Ecco"],
    ["extendedTextMessage", { extendedTextMessage: { text: "Ecco" } }, undefined, "Ecco"],
    ["an empty one, with the unified text", { extendedTextMessage: { text: "" } }, "Ecco", "Ecco"],
    ["messageBody alone", null, "Ecco", "Ecco"],
    ["messageBody beside nothing", {}, "Ecco", "Ecco"],
  ])("%s", (_, message, messageBody, text) => {
    expect(contentOf(message, messageBody)).toEqual({ type: "text", text, media: null, quoted: null });
  });

  it.each([
    ["imageMessage", "image"],
    ["documentMessage", "document"],
    ["videoMessage", "video"],
    ["ptvMessage", "video"],
    ["audioMessage", "audio"],
    ["stickerMessage", "sticker"],
  ])("%s, whose caption is the text", (part, type) => {
    const file = { url: "https://mmg.whatsapp.net/x.enc", mediaKey: "AAAA", fileLength: "99" };
    expect(contentOf({ [part]: { ...file, caption: "Bolletta", contextInfo: { stanzaId: "Q" } } })).toEqual({
      type,
      text: "Bolletta",
      media: expect.objectContaining({ url: file.url, mediaKey: "AAAA", fileLength: 99 }),
      quoted: "Q",
    });
    expect(contentOf({ [part]: file }, "Bolletta").text).toBe("Bolletta");
    expect(contentOf({ [part]: file }).text).toBeNull();
  });

  it("media whose fields are of other types is kept all the same", () => {
    const media = { url: 5, mediaKey: { 0: 1 }, fileLength: { low: 99, high: 0 }, pageCount: -1, caption: null };
    expect(contentOf({ imageMessage: media })).toMatchObject({
      type: "image",
      media: { url: null, mediaKey: null, fileLength: null },
    });
  });

  it.each([
    [{ locationMessage: { name: "Cascina" } }, "location", "Cascina"],
    [{ liveLocationMessage: { caption: "Qui" } }, "location", "Qui"],
    [{ contactMessage: { displayName: "Mario" } }, "contact", "Mario"],
    [{ contactsArrayMessage: { displayName: "2 contatti" } }, "contact", "2 contatti"],
    [{ pollCreationMessageV3: { name: "Quando?" } }, "poll", "Quando?"],
    [{ buttonsResponseMessage: { selectedButtonId: "1" } }, "other", null],
    [{ messageOfNextYear: { x: 1 } }, "other", null],
  ])("%j", (message, type, text) => {
    expect(contentOf(message)).toMatchObject({ type, text, media: null });
  });

  const WRAPPERS = [
    "documentWithCaptionMessage",
    "ephemeralMessage",
    "viewOnceMessage",
    "viewOnceMessageV2",
    "viewOnceMessageV2Extension",
    "editedMessage",
    "deviceSentMessage",
    "associatedChildMessage",
    "wrapperOfNextYear",
  ];
  it.each(WRAPPERS)("what %s wraps", (wrapper) => {
    expect(contentOf({ [wrapper]: { message: { conversation: "Ecco" } } }).text).toBe("Ecco");
    expect(contentOf({ messageContextInfo: {}, [wrapper]: { message: { imageMessage: {} } } }).type).toBe("image");
  });

  it("what wrappers within wrappers wrap", () => {
    const nested = WRAPPERS.slice(0, 7).reduce<object>((message, wrapper) => ({ [wrapper]: { message } }), {
      conversation: "Ecco",
    });
    expect(contentOf(nested).text).toBe("Ecco");
  });

  it("an edit, as Wasender unwraps it and as WhatsApp sends it", () => {
    const protocolMessage = { type: 14, key: { id: "OLD" }, editedMessage: { conversation: "Corretto" } };
    expect(contentOf({ editedMessage: { message: { conversation: "Corretto" } } }).text).toBe("Corretto");
    expect(contentOf({ editedMessage: { message: { protocolMessage } } }).text).toBe("Corretto");
  });

  it.each([
    ["a reaction", { reactionMessage: { text: "👍", key: { id: "X" } } }, "👍"],
    ["an encrypted reaction", { messageContextInfo: {}, encReactionMessage: {} }, undefined],
    ["a vote", { pollUpdateMessage: {} }, undefined],
    ["a deletion", { protocolMessage: { type: 0, key: { id: "X" } } }, undefined],
    ["a setting of the chat", { protocolMessage: { type: 3 }, messageContextInfo: {} }, "x"],
    ["a key", { senderKeyDistributionMessage: {} }, ""],
    ["what could not be decrypted", null, undefined],
    ["an empty message", {}, ""],
    ["an empty text", { conversation: "" }, ""],
    ["the announcement of an album, whose pictures follow", { albumMessage: { expectedImageCount: 2 } }, undefined],
  ])("%s is no reply", (_, message, messageBody) => {
    expect(kindOf(received({}, message, { messageBody }))).toBe("ignored");
  });

  it("a text is one also beside a key", () => {
    expect(contentOf({ senderKeyDistributionMessage: {}, conversation: "Ecco" }).text).toBe("Ecco");
  });
});

describe("when it was written", () => {
  const at = (messageTimestamp: unknown, timestamp?: unknown) =>
    incoming({ ...received({}, { conversation: "x" }, { messageTimestamp }), timestamp }).message_at;
  const SECOND = "2025-08-21T12:59:59.000Z";

  it.each([
    ["seconds", 1_755_781_199, SECOND],
    ["seconds as a string", "1755781199", SECOND],
    ["milliseconds", 1_755_781_199_467, "2025-08-21T12:59:59.467Z"],
    ["milliseconds as a string", "1755781199467", "2025-08-21T12:59:59.467Z"],
    ["a 64-bit number in two halves", { low: 1_755_781_199, high: 0, unsigned: true }, SECOND],
    [
      "milliseconds in two halves, the low one negative",
      { low: -860_424_597, high: 408, unsigned: false },
      "2025-08-21T12:59:59.467Z",
    ],
  ])("%s", (_, given, expected) => {
    expect(at(given)).toBe(expected);
  });

  it.each([undefined, null, "", 0, -5, "yesterday", {}, { low: "1" }, 1e30, "9".repeat(400), true])(
    "the webhook's own time, where it is %j",
    (given) => {
      expect(at(given, 1_755_781_200_000)).toBe("2025-08-21T13:00:00.000Z");
      expect(at(given)).toBeNull();
    },
  );
});

describe("a message without an id", () => {
  it("has one of its content, so that its repeat meets the same", () => {
    const id = (text: string) => incoming(received({ id: undefined }, { conversation: text })).whatsapp_id;
    expect(id("a")).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(id("a")).toBe(id("a"));
    expect(id("b")).not.toBe(id("a"));
  });

  it("so has one whose id is longer than any", () => {
    expect(incoming(received({ id: "x".repeat(201) })).whatsapp_id).toMatch(/^sha256:/);
  });
});

describe("messages.update", () => {
  const update = (data: object) => ({ event: "messages.update", data: { key: { ...KEY, fromMe: true }, ...data } });

  it.each([
    [0, "failed"],
    [2, "sent"],
    [3, "delivered"],
    [4, "read"],
    [5, "read"],
    ["3", "delivered"],
    ["ERROR", "failed"],
    ["failed", "failed"],
    ["sent", "sent"],
    ["SERVER_ACK", "sent"],
    ["delivered", "delivered"],
    ["DELIVERY_ACK", "delivered"],
    ["Read", "read"],
    ["played", "read"],
  ])("status %j is %s", (status, expected) => {
    for (const data of [{ update: { status } }, { status }]) {
      expect(first(update(data))).toMatchObject({ kind: "status", whatsapp_id: "3EB0A1", status: expected });
    }
  });

  it.each([
    ["the update alone", { status: 0, messageStubParameters: ["463", "Your account has been restricted"] }],
    ["numbers", { status: 0, messageStubParameters: [463] }],
    ["a list", [{ status: 0, messageStubParameters: ["463"] }]],
    ["a list, apart from its state", [{ status: "ERROR" }, { messageStubParameters: [463] }]],
    ["no list of parameters", { status: 0, messageStubParameters: "463" }],
    ["no state", { messageStubParameters: ["463"] }],
  ])("error 463 is a restriction: %s", (_, data) => {
    expect(first(update({ update: data }))).toMatchObject({ status: "failed", code: "restricted" });
  });

  it("another error is no restriction, and its words are kept", () => {
    const data = { status: 0, messageStubParameters: ["475", "Not here"] };
    expect(first(update({ update: data }))).toMatchObject({ status: "failed", code: null, error: "475 Not here" });
    expect(first(update({ update: { status: 0 } }))).toMatchObject({
      code: null,
      error: "WhatsApp reported an error.",
    });
    expect(first(update({ update: { status: 3, messageStubParameters: ["475"] } }))).toMatchObject({ error: null });
  });

  it.each([1, "pending", "in_progress", "", " ", null, 9, -1, 2.5, "toString", "__proto__", {}])(
    "status %j says nothing new",
    (status) => {
      expect(kindOf(update({ update: { status } }))).toBe("ignored");
    },
  );

  it("may come as a list, with msgId, or with msgId alone", () => {
    const one = { key: { ...KEY, fromMe: true }, update: { status: 4 }, msgId: 100_000 };
    const expected = { kind: "status", whatsapp_id: "3EB0A1", wasender_id: "100000", status: "read" };
    expect(eventsOf({ event: "messages.update", data: [one, { ...one, key: undefined }] })).toMatchObject([
      expected,
      { ...expected, whatsapp_id: null },
    ]);
    expect(eventsOf({ event: "messages.update", data: { messages: [one] } })).toMatchObject([expected]);
  });

  it("of the customer's own message, of a group, or without an id is ignored", () => {
    expect(kindOf({ event: "messages.update", data: { key: KEY, update: { status: 4 } } })).toBe("ignored");
    expect(kindOf(update({ key: { id: "A", fromMe: true, remoteJid: "1@g.us" }, update: { status: 3 } }))).toBe(
      "ignored",
    );
    expect(kindOf(update({ key: {}, update: { status: 3 } }))).toBe("ignored");
  });

  it("gives a failure words", () => {
    expect(first(update({ status: 0 }))).toMatchObject({ status: "failed", error: expect.stringMatching(/./) });
  });
});

describe("message.sent", () => {
  const sent = (data: object) => ({ event: "message.sent", timestamp: 1_755_781_600, data });

  it.each([{ success: false }, { success: "false" }, {}])(
    "that failed with an id is that message's failure: %j",
    (more) => {
      expect(eventsOf(sent({ ...more, msgId: 5, error: "Invalid JID" }))).toEqual([
        { kind: "status", whatsapp_id: null, wasender_id: "5", status: "failed", code: null, error: "Invalid JID" },
      ]);
    },
  );

  it.each([
    ["Failed to send message: Invalid number JID: +393330000001", "+393330000001"],
    ["Failed: 393330000001@s.whatsapp.net is not on WhatsApp", "+393330000001"],
    ["2026-02-09 09:12:00 failed for +39 333 000 0001", "+393330000001"],
  ])("that failed without an id is known by its number: %s", (error, phone_number) => {
    expect(eventsOf(sent({ success: false, error }))).toEqual([{ kind: "send_failed", phone_number, error }]);
  });

  it("that failed may name the number in its key", () => {
    expect(
      eventsOf(sent({ success: false, error: { code: 7 }, key: { remoteJid: "393330000001@s.whatsapp.net" } })),
    ).toEqual([{ kind: "send_failed", phone_number: "+393330000001", error: '{"code":7}' }]);
  });

  it("that failed for nobody that can be told is ignored", () => {
    expect(kindOf(sent({ success: false, error: "Something happened" }))).toBe("ignored");
  });

  it.each([
    ["in data", (item: object) => item],
    ["in data.messages", (item: object) => ({ messages: item })],
    ["in a list", (item: object) => ({ messages: [item] })],
  ])("that went well is an outgoing message, %s", (_, nest) => {
    const item = {
      key: { id: "A", remoteJid: "393330000001@s.whatsapp.net" },
      message: { conversation: "x" },
      msgId: "7",
      success: true,
    };
    expect(eventsOf(sent(nest(item)))).toMatchObject([
      { kind: "outgoing", whatsapp_id: "A", wasender_id: "7", text: "x", status: "sent" },
    ]);
  });

  it("without its words joins the ids and nothing more", () => {
    expect(eventsOf(sent({ success: true, msgId: 7, key: { id: "A", remoteJid: "+393330000001" } }))).toEqual([
      { kind: "status", whatsapp_id: "A", wasender_id: "7", status: "sent", code: null, error: null },
    ]);
    expect(eventsOf(sent({ success: true, msgId: 7 }))).toMatchObject([{ kind: "status", wasender_id: "7" }]);
  });

  it("to a group is ignored", () => {
    expect(kindOf(sent({ key: { id: "A", remoteJid: "1@g.us" }, message: { conversation: "x" }, success: true }))).toBe(
      "ignored",
    );
  });
});

it.each(["connected", "CONNECTING", " disconnected ", "need_scan", "need_passkey", "logged_out", "expired"])(
  "session.status %j is told in lower case",
  (status) => {
    expect(eventsOf({ event: "session.status", data: { status } })).toEqual([
      { kind: "session", status: status.trim().toLowerCase() },
    ]);
  },
);

describe("whatever comes", () => {
  const TYPES = ["text", "image", "document", "video", "audio", "sticker", "location", "contact", "poll", "other"];
  const keys = fc.constantFrom(
    ..."messages key id fromMe remoteJid remoteJidAlt senderPn cleanedSenderPn senderLid message messageBody conversation imageMessage caption url fileLength editedMessage ephemeralMessage protocolMessage reactionMessage messageTimestamp low high status update msgId success error pushName contextInfo stanzaId __proto__ toString".split(
      " ",
    ),
  );
  const data = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.string({ unit: "binary" }),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom(
        "393330000001@s.whatsapp.net",
        "1@lid",
        ":@lid",
        "٣@lid",
        "49123456789012345@s.whatsapp.net",
        "connected",
      ),
      tie("list"),
      tie("object"),
    ),
    list: fc.array(tie("value"), { maxLength: 3 }),
    object: fc.dictionary(keys, tie("value"), { noNullPrototype: true }),
    message: fc.record(
      {
        key: fc.oneof(
          fc.record({
            id: tie("value"),
            fromMe: tie("value"),
            remoteJid: tie("value"),
            cleanedSenderPn: tie("value"),
            senderLid: tie("value"),
          }),
          tie("value"),
        ),
        message: tie("object"),
        messageTimestamp: tie("value"),
      },
      { requiredKeys: [] },
    ),
    any: fc.oneof(tie("message"), tie("value"), fc.record({ messages: fc.oneof(tie("message"), tie("list")) })),
  })).any;
  const body = fc.record({
    event: fc.constantFrom(
      "messages.received",
      "messages-personal.received",
      "messages.upsert",
      "messages.update",
      "message.sent",
      "session.status",
    ),
    timestamp: fc.oneof(fc.double(), fc.string()),
    data,
  });

  it("nothing throws, and the events fit the database's constraints", async () => {
    await fc.assert(
      fc.asyncProperty(body, async (given) => {
        const read = await readBody(
          new Request("https://example.test/", { method: "POST", body: JSON.stringify(given) }),
        );
        const parsed = parseWasenderWebhook(read.ok ? read.value : null);
        if (parsed.kind !== "usable") return;
        for (const event of parsed.value) {
          const text = JSON.stringify(event);
          expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/i);
          if ("phone_number" in event && event.phone_number !== null)
            expect(event.phone_number).toMatch(/^\+[1-9][0-9]{5,14}$/);
          if ("lid" in event) {
            expect(event.phone_number !== null || event.lid !== null).toBe(true);
            if (event.lid !== null) expect(event.lid).toMatch(/^[0-9]{1,20}@lid$/);
            expect(TYPES).toContain(event.type);
            if (event.message_at !== null) expect(event.message_at).toMatch(/^20\d\d-/);
          }
          if ("whatsapp_id" in event) expect((event.whatsapp_id ?? "").length).toBeLessThanOrEqual(200);
          if (event.kind === "status" || event.kind === "outgoing")
            expect(["sent", "delivered", "read", "failed"]).toContain(event.status);
          if (event.kind === "status" && event.status === "failed") expect(event).toHaveProperty("error");
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it("deep wrappers and long lists do no harm", () => {
    const deep = Array.from({ length: 60 }).reduce<object>((message) => ({ ephemeralMessage: { message } }), {});
    expect(first(received({}, deep))).toMatchObject({ type: "other" });
    const messages = Array.from({ length: 3_000 }, (_, i) => ({
      key: { ...KEY, id: `A${i}` },
      message: { conversation: "x" },
    }));
    expect(eventsOf({ event: "messages.upsert", data: { messages } })).toHaveLength(3_000);
  });
});
