import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import type { LocalDatabase } from "../../dev/database.ts";
import { fixture } from "./world.ts";

const json = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'::jsonb`;

/**
 * Makes a project as this product's first version left it, after a push that stopped at the 18th of 22 files: calls were
 * recorded and asks queued, replies marked the calls, and nothing was ever sent.
 */
export async function fillFirstVersion(database: LocalDatabase): Promise<void> {
  const packed = await readFile(new URL("../fixtures/first-version.sql.gz", import.meta.url));
  await database.exec(gunzipSync(packed).toString());
  const request = { method: "POST", path: "/", url: "/", headers: { "content-type": "application/json" }, query: {} };
  const call = (body: object, parsed: object) =>
    `select public.record_cloudtalk_webhook(${json({ ...request, source: "cloudtalk", body })}, ${json(parsed)},
       '{"rules": [], "cooldown_hours": 0, "text": "Buongiorno"}');`;
  const answered = await fixture("cloudtalk/ended-known-contact");
  const reply = await fixture("wasender/received-text");
  await database.exec(`
    ${call(answered, { call_uuid: answered.call_uuid, phone_number: "+393330000001", phone_number_raw: "393330000001" })}
    ${call(
      { call_uuid: "waiting", external_number: 393330000002, talking_time: 45 },
      { call_uuid: "waiting", phone_number: "+393330000002", talking_time: 45, conversation: true },
    )}
    select public.record_wasender_webhook(${json({ ...request, source: "wasender", body: reply })}, ${json([
      {
        kind: "incoming",
        whatsapp_id: "3EB0A1B2C3D4E5F60718",
        phone_number: "+393330000001",
        lid: "98700000000001@lid",
        contact_name: "Maria",
        type: "text",
        text: "Buongiorno, le mando la bolletta stasera",
        message_at: "2025-08-21T12:59:59.000Z",
      },
    ])});
    insert into auth.users (id, email) values ('9f0b2a5e-0000-4000-8000-000000000000', 'anna@example.com');
    insert into public.staff (user_id, name) values ('9f0b2a5e-0000-4000-8000-000000000000', 'Anna');
    select private.add_app_secret('a-secret-of-the-app');
    insert into private.erased_messages (message_id) values ('ERASED');`);
}
