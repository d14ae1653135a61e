import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET as getConversations } from "../../api/conversations.ts";
import { POST as postAction } from "../../api/messages.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  await world.query(
    "insert into public.whatsapp_messages (direction, kind, status, phone_number, text, sent_at, delivered_at) values ('outgoing', 'ask', 'delivered', '+393330000001', 'Ciao', now(), now())",
  );
});

const act = async (body: object) => {
  const answer = await postAction(jsonRequest("/api/messages", body, await world.signIn()));
  return { status: answer.status, body: await answer.json() };
};
const thread = async () => {
  const headers = await world.signIn();
  return (await getConversations(new Request("http://localhost/api/conversations?id=1", { headers }))).json();
};

describe("reminders", () => {
  it("a thread says when the next one goes, or why none does", async () => {
    expect((await thread()).conversation.reminders).toEqual({
      next_at: null,
      step: null,
      hold: "off",
      paused_until: null,
      texts: null,
    });
    await world.query(
      `update private.terms set terms = '{"hours": null, "reminders": {"steps_hours": [72]}}', reminders_since = now() - interval '9 days'`,
    );
    expect((await thread()).conversation.reminders).toMatchObject({
      next_at: expect.any(String),
      step: 1,
      hold: null,
      paused_until: null,
      texts: [{ text: expect.any(String), preview: expect.any(String) }, {}, {}],
    });
  });

  it("staff want none for a while, never again, or have nothing against them", async () => {
    const say = (paused_until: unknown) => act({ action: "reminders", conversation_id: 1, paused_until });
    for (const until of ["2030-12-01", "never", null]) {
      expect(await say(until)).toMatchObject({ status: 200, body: { reminders: { paused_until: until } } });
      expect((await thread()).conversation.reminders.paused_until).toBe(until);
    }
    for (const wrong of ["2030-02-30", "tomorrow", 7, undefined])
      expect(await say(wrong)).toMatchObject({ status: 400, body: { error: { code: "invalid_action" } } });
    expect(await act({ action: "reminders", conversation_id: 9, paused_until: null })).toMatchObject({ status: 404 });
    expect((await thread()).actions).toMatchObject([
      { who: "Anna", action: "reminders" },
      { action: "reminders" },
      { action: "reminders" },
    ]);
  });

  it("staff change what they say; a variable that nobody knows is refused", async () => {
    const say = (...texts: unknown[]) => act({ action: "reminder_texts", texts });
    expect(await say("Salve {nome}, {mancano}.", null, "Entro il {scadenza}!")).toMatchObject({
      status: 200,
      body: { texts: ["Salve {nome}, {mancano}.", expect.stringContaining("{mancano}"), "Entro il {scadenza}!"] },
    });
    expect((await say(null, null, null)).body.texts[0]).toContain("Buongiorno {nome}");
    for (const wrong of [
      ["a", "b"],
      ["{nmoe}", null, null],
      ["{nome", null, null],
      ["", null, null],
      [1, null, null],
    ])
      expect(await say(...wrong), String(wrong)).toMatchObject({ status: 400 });
  });
});
