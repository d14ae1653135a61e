import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Call, parseCloudtalkWebhook } from "../../lib/cloudtalk/call.ts";
import { readBody } from "../../lib/http/body.ts";

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/cloudtalk/${name}.json`, import.meta.url), "utf8"));

function callOf(body: unknown): Call {
  const parsed = parseCloudtalkWebhook(body);
  if (parsed.kind !== "usable") expect.unreachable(`${parsed.kind}: ${parsed.why}`);
  return parsed.value;
}
/** A call's fields that say something. */
const said = (body: unknown) => Object.fromEntries(Object.entries(callOf(body)).filter(([, value]) => value !== null));
const phoneOf = (body: object) => callOf({ call_uuid: "a", ...body }).phone_number;
const UUID = "44fe27cd-0000-4670-993e-01293c9f8833";

describe("each fixture", () => {
  it.each([
    [
      "ended-known-contact",
      {
        call_uuid: UUID,
        phone_number: "+393330000001",
        phone_number_raw: "393330000001",
        phone_number_from: "40310000001",
        agent_id: "490001",
        contact_id: "1450000001",
      },
    ],
    [
      "ended-unknown-contact",
      {
        call_uuid: "2e60176d-0000-4a2c-86ac-620529959e75",
        phone_number: "+393330000002",
        phone_number_raw: "393330000002",
        phone_number_from: "40310000001",
        agent_id: "490001",
      },
    ],
    [
      "ended-all-strings",
      {
        call_uuid: "a1c968ff-0000-4f22-b330-b2e2737bc439",
        event_type: "call.ended",
        phone_number: "+393330000003",
        phone_number_raw: "+393330000003",
        phone_number_from: "+390200000001",
        talking_time: 45,
        direction: "outgoing",
        call_end_time: "2026-06-17T18:03:22.000Z",
        talked: true,
      },
    ],
    [
      "ended-missed",
      {
        call_uuid: "5b1f0c52-0000-4d6b-9f0e-8c2b0f4c1a11",
        phone_number: "+393330000004",
        phone_number_raw: "393330000004",
        phone_number_from: "390200000001",
        talking_time: 0,
        direction: "incoming",
        call_start_time: "2026-01-10T12:34:56.000Z",
        talked: false,
      },
    ],
    [
      "ended-withheld",
      {
        call_uuid: "77777777-0000-4670-993e-01293c9f8833",
        phone_number_raw: "anonymous",
        phone_number_from: "390200000001",
        talking_time: 30,
        talked: true,
      },
    ],
    [
      "recording-uploaded",
      {
        call_id: "1002226167",
        phone_number: "+393330000002",
        phone_number_raw: "393330000002",
        phone_number_from: "40310000001",
        recording_url: "https://my.cloudtalk.io/pub/r/MTAwMjIyNjE2Nw%3D%3D/token.wav",
      },
    ],
    [
      "voice-agent-nested",
      {
        call_id: "va_01HZX0000001",
        phone_number: "+393330000005",
        phone_number_raw: "+39 333 000 0005",
        call_result: "completed",
        duration: 187,
        direction: "outbound",
        agent_name: "Samuela",
        contact_name: "Maria Rossi",
        company_name: "Azienda Agricola Rossi",
        ateco_code: "01.50",
        ateco_eligible: true,
        interest_confirmed: true,
        electricity_bill_received: false,
        annual_consumption_kwh: 42_000,
        stated_should_send: true,
        call_start_time: "2026-02-09T08:12:00.000Z",
      },
    ],
    [
      "voice-agent-should-not-send",
      {
        call_id: "va_01HZX0000002",
        phone_number: "+393330000006",
        phone_number_raw: "3330000006",
        call_result: "completed",
        stated_should_send: false,
        reason: "non interessato",
      },
    ],
  ])("%s", (name, expected) => {
    expect(said(fixture(name))).toEqual(expected);
  });
});

describe("keys", () => {
  it.each([
    ["snake case", { call_uuid: UUID, talking_time: 45 }],
    ["camel case", { callUuid: UUID, talkingTime: 45 }],
    ["capitals", { callUUID: UUID, TALKING_TIME: 45 }],
    ["Pascal case", { CallUuid: UUID, TalkingTime: 45 }],
    ["dashes", { "call-uuid": UUID, "talking-time": 45 }],
    ["words", { "Call UUID": UUID, "Talking time": 45 }],
    ["padding", { " call_uuid ": UUID, "talking_time\t": 45 }],
    ["CloudTalk's own paths", { "event.properties.call_uuid": UUID, "event.properties.talking_time": 45 }],
    ["a form's paths", { "data[call_uuid]": UUID, "data.talkingTime": 45 }],
    ["a form's deeper paths", { "event[properties][call_uuid]": UUID, "data[call][talking_time]": 45 }],
  ])("in %s", (_, body) => {
    expect(said(body)).toEqual({ call_uuid: UUID, talking_time: 45, talked: true });
  });

  it.each([
    ["flat", (call: object) => call],
    ["under data", (call: object) => ({ event: "call.ended", data: call })],
    ["under Data", (call: object) => ({ Data: call })],
    ["under data.call", (call: object) => ({ data: { call } })],
    ["under event.properties", (call: object) => ({ event: { properties: call } })],
    ["under payload, in a list", (call: object) => ({ payload: [call] })],
    ["under data, as a string", (call: object) => ({ data: JSON.stringify(call) })],
    ["in a list", (call: object) => [call]],
    ["as REST lists it", (call: object) => ({ Cdr: call, Agent: { id: "1" } })],
  ])("%s", (_, nest) => {
    const { call_id, phone_number, annual_consumption_kwh } = callOf(
      nest({ callId: "c1", phoneNumber: "+393330000001", annualConsumptionKwh: 42_000 }),
    );
    expect({ call_id, phone_number, annual_consumption_kwh }).toEqual({
      call_id: "c1",
      phone_number: "+393330000001",
      annual_consumption_kwh: 42_000,
    });
  });

  it("localized ones, with spaces and #, do no harm", () => {
    expect(said({ call_uuid: "a", "# di tentativi di chiamata": 3, "Attività economica": "x", "#": 1, "": 2 })).toEqual(
      {
        call_uuid: "a",
      },
    );
  });

  it("what is nested wins, unless it says nothing", () => {
    const body = {
      agent_name: "Bot",
      status: "sent",
      data: { call_id: "c1", agent_name: "Samuela", status: "{{ status }}" },
    };
    expect(callOf(body)).toMatchObject({ agent_name: "Samuela", status: "sent" });
  });

  it.each([
    ["contacts[0].name", { "contacts[0].id": 7, "contacts[0].name": "Maria" }],
    ["contacts as a list", { contacts: [{ id: 7, name: "Maria" }] }],
    ["contacts as a form's list", { "contacts[0][id]": "7", "contacts[0][name]": "Maria" }],
    ["contact", { contact: { id: 7, name: "Maria" } }],
    ["contact, where it says less than the flat field", { contact_name: "Maria", contact: { id: 7, name: null } }],
  ])("the contact: %s", (_, contact) => {
    expect(callOf({ call_uuid: "a", ...contact })).toMatchObject({
      contact_id: "7",
      contact_name: "Maria",
      call_id: null,
    });
  });

  it("the agent's first and last name make one", () => {
    expect(callOf({ call_uuid: "a", agent_first_name: "Samuela", agent_last_name: "Bianchi" }).agent_name).toBe(
      "Samuela Bianchi",
    );
    expect(callOf({ call_uuid: "a", agent_first_name: "Samuela", agent_last_name: "" }).agent_name).toBe("Samuela");
  });

  it.each([
    [
      "call_start_time",
      "2026-02-09T08:12:00.000Z",
      ["call_start_time", "start_time", "started_at", "timestamp", "date"],
    ],
    ["call_end_time", "2026-02-09T08:12:00.000Z", ["call_end_time", "end_time", "ended_at"]],
    ["recording_url", "https://x.test/a.wav", ["recording_url", "recording_link"]],
    ["contact_name", "Maria", ["contact_name"]],
    ["customer_name", "Maria", ["customer_name"]],
    ["transcript", "Pronto?", ["transcript"]],
  ])("%s comes under %j's names", (field, value, names) => {
    for (const name of names) {
      const camel = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
      expect(callOf({ call_id: "c1", [name]: value })).toMatchObject({ [field]: value });
      expect(callOf({ data: { callId: "c1", [camel]: value } })).toMatchObject({ [field]: value });
    }
  });
});

describe("form data", () => {
  const form = (body: string) =>
    readBody(
      new Request("https://example.test/", {
        method: "POST",
        body,
        headers: { "content-type": "application/x-www-form-urlencoded" },
      }),
    ).then((read) => (read.ok ? callOf(read.value) : expect.unreachable()));

  it.each([
    ["flat", "callId=c1&phoneNumber=3330000006&should_send=false"],
    ["with brackets", "data[callId]=c1&data[phoneNumber]=3330000006&data[should_send]=false"],
    ["with dots", "data.call_id=c1&data.phone_number=3330000006&data.should_send=0"],
    ["with JSON in a field", `payload=${encodeURIComponent('{"callId":"c1","to":"3330000006","shouldSend":"no"}')}`],
    ["that is JSON by another name", '{"callId":"c1","phoneNumber":"3330000006","shouldSend":false}'],
  ])("%s", async (_, body) => {
    expect(await form(body)).toMatchObject({ call_id: "c1", phone_number: "+393330000006", stated_should_send: false });
  });
});

describe("identifiers", () => {
  it("both are read", () => {
    expect(callOf({ call_uuid: UUID, call_id: 1002226167 })).toMatchObject({ call_uuid: UUID, call_id: "1002226167" });
  });

  it.each(["callId", "call_id", "id"])("a voice agent's %s", (name) => {
    expect(callOf({ data: { [name]: "va_1" } }).call_id).toBe("va_1");
  });

  it.each([
    "",
    " ",
    null,
    0,
    "0",
    "-1",
    false,
    "false",
    "null",
    "undefined",
    "NaN",
    "None",
    "{{ event.properties.call_uuid }}",
    "{{call_id}}",
    "00000000-0000-0000-0000-000000000000",
    { id: 1 },
    "x".repeat(201),
  ])("%j is none: two calls must not share it", (id) => {
    expect(callOf({ call_uuid: id, call_id: id, external_number: 393330000001 })).toMatchObject({
      call_uuid: null,
      call_id: null,
    });
  });

  it("a delivery's id is not the call's", () => {
    expect(callOf({ id: "evt_1", event: "call.ended", data: { phone: "+393330000001" } }).call_id).toBeNull();
    expect(callOf({ id: "evt_1", data: { id: "c1", phone: "+393330000001" } }).call_id).toBe("c1");
  });

  it("a contact's or agent's id is not the call's", () => {
    expect(parseCloudtalkWebhook({ contact: { id: 5, name: "Maria" }, agent: { id: 6 } }).kind).toBe("unrecognised");
  });
});

describe("the customer's number", () => {
  it.each(["external_number", "public_external", "caller_number", "phoneNumber", "phone_number", "to", "number"])(
    "comes under %s",
    (name) => {
      expect(phoneOf({ [name]: "+393330000001" })).toBe("+393330000001");
    },
  );

  it.each([
    ["outgoing", { to: "+393330000001", from: "+390200000001" }],
    ["outbound", { to: "+393330000001", from: "+390200000001" }],
    ["in uscita", { to: "+393330000001", from: "+390200000001" }],
    ["incoming", { from: "+393330000001", to: "+390200000001" }],
    ["Inbound", { from: "+393330000001", to: "+390200000001" }],
    ["in entrata", { from: "+393330000001", to: "+390200000001" }],
  ])("is told by the direction: %s", (direction, numbers) => {
    expect(phoneOf({ direction, ...numbers })).toBe("+393330000001");
  });

  it("is never the company's", () => {
    expect(phoneOf({ internal_number: 390200000001 })).toBeNull();
    expect(phoneOf({ direction: "incoming", to: "+390200000001" })).toBeNull();
    expect(phoneOf({ direction: "outgoing", from: "+390200000001" })).toBeNull();
    expect(phoneOf({ internal_number: 390200000001, to: "+39 02 00000001" })).toBeNull();
    expect(phoneOf({ internal_number: 390200000001, external_number: "+390200000001" })).toBeNull();
    expect(phoneOf({ internal_number: "390200000001", phone_number: "+390200000001", to: "+393330000001" })).toBe(
      "+393330000001",
    );
  });

  it("is not looked for elsewhere where CloudTalk says that it was withheld", () => {
    expect(phoneOf({ external_number: "anonymous", to: "+390200000001", number: "+390200000002" })).toBeNull();
  });

  it.each([null, "", 0, "0", "anonymous", "restricted", "12345", "{{ event.properties.external_number }}"])(
    "%j is none, and the call is kept",
    (external_number) => {
      expect(callOf({ call_uuid: "a", external_number })).toMatchObject({ call_uuid: "a", phone_number: null });
    },
  );

  it("is looked for under the next name where a placeholder was not filled", () => {
    expect(phoneOf({ external_number: "{{ external_number }}", phone_number: "+393330000001" })).toBe("+393330000001");
  });

  it("is kept as it came, also where it is none", () => {
    expect(callOf({ call_uuid: "a", external_number: "39-CALL" }).phone_number_raw).toBe("39-CALL");
  });
});

describe("whether people talked", () => {
  const talkedOf = (body: object) => callOf({ call_uuid: "a", ...body }).talked;

  it.each([
    { talking_time: 0 },
    { talking_time: "0" },
    { talkingTime: "0.0" },
    { is_voicemail: true },
    { is_voicemail: "true" },
    { is_voicemail: "1" },
    { isVoicemail: 1, talking_time: 30 },
    { status: "missed" },
    { status: "No answer" },
    { call_result: "no_answer" },
    { call_result: "no-answer", duration: 30 },
    { call_result: "busy" },
    { call_status: "FAILED" },
    { result: "cancelled" },
    { result: "canceled" },
    { call_result: "voicemail" },
    { call_result: "left voice mail" },
    { call_outcome: "customer-did-not-answer" },
    { data: { callResult: "voicemail_reached" } },
    { status: "persa" },
    { call_result: "Nessuna risposta" },
    { call_result: "segreteria telefonica" },
    { event_type: "call.missed" },
    { event: "call_no_answer" },
  ])("%j shows that none did", (body) => {
    expect(talkedOf(body)).toBe(false);
  });

  it.each([{ talking_time: 1 }, { talking_time: "45" }, { talk_time: 45, is_voicemail: "false" }])(
    "%j shows that one did",
    (body) => {
      expect(talkedOf(body)).toBe(true);
    },
  );

  it.each([
    {},
    { talking_time: null },
    { talking_time: "" },
    { talking_time: "{{ event.properties.talking_time }}" },
    { is_voicemail: false },
    { status: "answered" },
    { call_result: "completed" },
    { call_outcome: "trattativa dispersa" },
    { call_result: "the customer was busy in the fields and asked for the message" },
    { event: "recording.failed", recording_url: "https://x.test/a.wav" },
  ])("%j shows nothing", (body) => {
    expect(talkedOf(body)).toBeNull();
  });
});

describe("values", () => {
  const call = (body: object) => callOf({ call_id: "c1", ...body });

  it.each([
    [["true", true, 1, "1", "Yes", "sì", "SI", "vero", "on", " TRUE "], true],
    [["false", false, 0, "0", "No", "falso", "off", "N"], false],
    [["", null, "maybe", "{{ should_send }}", 2, [], {}], null],
  ])("booleans: %j", (spellings, expected) => {
    for (const value of spellings) {
      const { stated_should_send, ateco_eligible } = call({ should_send: value, data: { atecoEligible: value } });
      expect({ stated_should_send, ateco_eligible }).toEqual({
        stated_should_send: expected,
        ateco_eligible: expected,
      });
    }
  });

  it.each([
    [187, 187],
    ["187", 187],
    [" 187.4 ", 187],
    [0, 0],
    [2_147_483_647, 2_147_483_647],
    [2_147_483_648, null],
    ["9007199254740993", null],
    [-1, null],
    ["0x10", null],
    ["3 minuti", null],
    ["", null],
    [true, null],
    [[187], null],
  ])("whole numbers: %j", (value, expected) => {
    expect(call({ duration: value }).duration).toBe(expected);
  });

  it.each([
    ["2026-06-17T18:03:22Z", "2026-06-17T18:03:22.000Z"],
    ["2026-06-17T18:03:22.123456Z", "2026-06-17T18:03:22.123Z"],
    ["2026-02-09T09:12:00+01:00", "2026-02-09T08:12:00.000Z"],
    ["2026-02-09 09:12:00 +0100", "2026-02-09T08:12:00.000Z"],
    ["2026-02-09 09:12:00+01", "2026-02-09T08:12:00.000Z"],
    ["2026-01-10 12:34:56", "2026-01-10T12:34:56.000Z"],
    ["2026-01-10 12:34:56 UTC", "2026-01-10T12:34:56.000Z"],
    ["2026-01-10T12:34:56", "2026-01-10T12:34:56.000Z"],
    ["2026-01-10 12:34", "2026-01-10T12:34:00.000Z"],
    ["2026-01-10", "2026-01-10T00:00:00.000Z"],
    [1_755_781_200, "2025-08-21T13:00:00.000Z"],
    ["1755781200", "2025-08-21T13:00:00.000Z"],
    [1_755_781_200_467, "2025-08-21T13:00:00.467Z"],
    ["10/01/2026 12:34", null],
    ["2026-13-45 99:99:99", null],
    ["0000-00-00 00:00:00", null],
    ["yesterday", null],
    [0, null],
    ["", null],
    [null, null],
  ])("times: %j", (value, expected) => {
    expect(call({ ended_at: value }).call_end_time).toBe(expected);
  });

  it("the next name is taken where a time cannot be read", () => {
    expect(call({ start_time: "10/01/2026", timestamp: "2026-01-10T12:00:00Z" }).call_start_time).toBe(
      "2026-01-10T12:00:00.000Z",
    );
  });

  it.each([
    "",
    " ",
    "null",
    "undefined",
    "None",
    "N/A",
    "-",
    "[object Object]",
    "{{ event.properties.contact_name }}",
    "{{a}} {{b}}",
    null,
  ])("%j says nothing", (value) => {
    expect(call({ contact_name: value }).contact_name).toBeNull();
  });
});

describe("events", () => {
  const kindOf = (body: object) =>
    parseCloudtalkWebhook({ call_uuid: "a", external_number: 393330000001, ...body }).kind;

  it.each([
    { event: "call.ended" },
    { event_type: "Ended" },
    { event: "CallEnded" },
    { event: "call_completed" },
    { trigger: "Modified" },
    { event: "call.updated" },
    { event: "Recording Uploaded" },
    { event: "recording.created" },
    { event: "transcript.created" },
    { event: "agent.call_ended" },
    { event: "agent_conversation_ended" },
    { event: "campaign_call_completed" },
    { event: "post_call_transcription" },
    { event: "call.answered", talking_time: 45 },
    { event: "something new" },
    { status: "ended" },
    { status: "in_progress", call_result: "completed" },
    { status: "active", ended_at: "2026-01-10 12:34:56" },
    { object: "Call", type: "outgoing" },
  ])("%j is used", (body) => {
    expect(kindOf(body)).toBe("usable");
  });

  it.each([
    { event: "call.started" },
    { event: "callStarted" },
    { event_type: "ringing" },
    { event: "call.answered" },
    { event: "call_created" },
    { event: "call.initiated" },
    { event: "call.in-progress" },
    { event: "recording.started" },
    { status: "ringing" },
    { status: "in-progress" },
    { event: "call.updated", status: "ringing" },
    { event: "call", status: "In progress" },
  ])("%j is ignored: the call is not over, and the message speaks of it", (body) => {
    expect(kindOf(body)).toBe("ignored");
  });

  it.each([
    { event: "contact.updated", id: 5 },
    { event: "contact.created", data: { id: 5, phone: "+393330000001" } },
    { object: "contact", action: "created", id: 5 },
    { type: "contact.updated", data: { id: 5, phone: "+393330000001" } },
    { event: "sms.received" },
    { event: "message.sent" },
    { event: "agent.status_changed" },
    { event: "test" },
    { event: "ping" },
  ])("%j is ignored: it is not about a call", (body) => {
    expect(kindOf(body)).toBe("ignored");
  });

  it.each([
    [{}],
    [[]],
    [[{ call_uuid: "a" }, { call_uuid: "b" }]],
    [{ hello: "world" }],
    [{ data: {} }],
    [{ internal_number: 390200000001 }],
    [{ call_uuid: "{{ call_uuid }}", external_number: "" }],
    [null],
    ["text"],
  ])("in %j no call can be recognised", (body) => {
    expect(parseCloudtalkWebhook(body)).toMatchObject({
      kind: "unrecognised",
      why: expect.stringMatching(/^Looked for a call's id \(call_uuid, .*external_number/),
    });
  });

  it("the event's name is told in any case", () => {
    expect(parseCloudtalkWebhook({ event: "contact.updated" }).eventType).toBe("contact.updated");
    expect(parseCloudtalkWebhook({ event: "call.ended" })).toEqual(
      expect.objectContaining({ kind: "unrecognised", eventType: "call.ended" }),
    );
  });
});

describe("whatever comes", () => {
  const keys = fc.constantFrom(
    ..."call_uuid callId id data call event payload contacts contact agent external_number to from phone direction talking_time is_voicemail should_send status call_result duration started_at ended_at timestamp annual_consumption_kwh event_type transcript __proto__ constructor toString".split(
      " ",
    ),
  );
  const anyBody = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.string({ unit: "binary" }),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom("393330000001", "{{x}}", "in", "0", "true"),
      tie("list"),
      tie("object"),
    ),
    list: fc.array(tie("value"), { maxLength: 3 }),
    object: fc.dictionary(
      fc.oneof({ arbitrary: keys, weight: 5 }, { arbitrary: fc.string(), weight: 1 }),
      tie("value"),
      { noNullPrototype: true },
    ),
  })).value;

  it("nothing throws, and a call fits the database's columns", async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, async (body) => {
        const read = await readBody(
          new Request("https://example.test/", { method: "POST", body: JSON.stringify(body) ?? "" }),
        );
        if (!read.ok) return;
        const parsed = parseCloudtalkWebhook(read.value);
        if (parsed.kind !== "usable") return;
        const call = parsed.value;
        if (call.phone_number !== null) expect(call.phone_number).toMatch(/^\+[1-9][0-9]{5,14}$/);
        for (const value of Object.values(call)) {
          if (typeof value === "number")
            expect(Number.isInteger(value) && value >= 0 && value <= 2_147_483_647).toBe(true);
          if (typeof value === "string") expect(value.isWellFormed() && !value.includes("\u0000")).toBe(true);
        }
        for (const id of [call.call_uuid, call.call_id]) expect((id ?? "").length).toBeLessThanOrEqual(200);
        for (const at of [call.call_start_time, call.call_end_time])
          if (at !== null) expect(at).toMatch(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it("deep nesting, also within a string, and many keys do no harm", () => {
    let deep: unknown = { call_uuid: "a" };
    for (let i = 0; i < 60; i++) deep = { data: deep };
    expect(parseCloudtalkWebhook(deep).kind).toBe("unrecognised");
    expect(
      parseCloudtalkWebhook({ call_uuid: "a", data: `${'{"data":'.repeat(100_000)}1${"}".repeat(100_000)}` }).kind,
    ).toBe("usable");
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key ${i}`, i]));
    expect(callOf({ ...many, call_uuid: "a" }).call_uuid).toBe("a");
  });
});
