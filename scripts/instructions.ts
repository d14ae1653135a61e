/** What the instructions name. A value that is still missing is shown as <…>. */
export type Answers = {
  appUrl: string;
  supabaseUrl: string;
  cloudtalkSecret: string;
  wasenderSecret: string;
  cronSecret: string;
  /** Only with the project's public key. */
  appSecret: string | null;
  /** The variables that are set and belong on Vercel. */
  variables: string[];
};

/** The body of the CloudTalk workflow (CloudTalk's list of placeholders). */
const CALL_TEMPLATE = {
  call_uuid: "call_uuid",
  external_number: "external_number",
  internal_number: "internal_number",
  direction: "direction",
  started_at: "started_at",
  ended_at: "ended_at",
  talking_time: "talking_time",
  waiting_time: "waiting_time",
  is_voicemail: "is_voicemail",
  recording_url: "recording_url",
  agent_id: "agent_id",
  agent_first_name: "agent_first_name",
  agent_last_name: "agent_last_name",
  contact_id: "contacts[0].id",
  contact_name: "contacts[0].name",
};
const WASENDER_EVENTS = ["messages.received", "messages.upsert", "messages.update", "message.sent", "session.status"];

/** Each step with its title, in the order in which to do them. */
export function instructions(answers: Answers): string {
  const steps: [title: string, text: string][] = [
    ["Supabase: the tables", database(answers)],
    ["Supabase: the clock (SQL editor; run it again after a change)", vault(answers)],
    ["Vercel: the variables, then the deployment", vercel(answers)],
    ["CloudTalk: the workflow", cloudtalk(answers)],
    ["Wasender: the webhook", wasender(answers)],
    ["The first colleague", staff(answers)],
    ["See whether all is well", `npm run doctor -- --url ${answers.appUrl}`],
  ];
  return steps.map(([title, text], index) => `── ${index + 1}. ${title}\n\n${indent(text)}\n`).join("\n");
}

const indent = (text: string) => text.replace(/^(?=.)/gm, "   ");

function database({ supabaseUrl }: Answers): string {
  const project = /^https:\/\/([a-z0-9]+)\.supabase\.co/.exec(supabaseUrl)?.[1] ?? "<project ref>";
  return `npx supabase db push --db-url "<the session pooler's connection string>"

It stands under Connect: https://supabase.com/dashboard/project/${project}?showConnect=true&method=session
Put the database's password into it, with its special characters percent-encoded (@ is %40).

SUPABASE_DATABASE_LIMIT_MB says how large the plan lets the database become: 500 (Free) if it is not set, 8192 on Pro.`;
}

/** A value inside an SQL string. */
const sql = (text: string) => text.replaceAll("'", "''");

function vault({ appUrl, cronSecret, appSecret }: Answers): string {
  return `do $$
declare
  r record;
begin
  for r in
    select w.name, w.secret, s.id
      from (values ('outbox_url', '${sql(appUrl)}/api/outbox'),
                   ('cron_secret', '${sql(cronSecret)}')) as w (name, secret)
      left join vault.secrets s on s.name = w.name
  loop
    if r.id is null then perform vault.create_secret(r.secret, r.name);
    else perform vault.update_secret(r.id, r.secret);
    end if;
  end loop;
end
$$;${appSecret === null ? "" : `\n-- SUPABASE_KEY is the public key: the app shows this secret instead.\nselect private.add_app_secret('${sql(appSecret)}');`}`;
}

function vercel({ variables }: Answers): string {
  const add = variables.map(
    (name) => `npm run -s setup -- --print ${name} | npx vercel env add ${name} production --sensitive --force`,
  );
  return ["npx vercel link", ...add, "npx vercel --prod"].join("\n");
}

function cloudtalk({ appUrl, cloudtalkSecret }: Answers): string {
  const body = Object.fromEntries(
    Object.entries(CALL_TEMPLATE).map(([key, name]) => [key, `{{ event.properties.${name} }}`]),
  );
  return `Workflow Automations → new workflow
  Object     Call
  Trigger    Ended
  Action     API Request
  Method     POST
  Endpoint   ${appUrl}/webhook/cloudtalk
  Header     Authorization: Bearer ${cloudtalkSecret}
  Header     Content-Type: application/json
  Values     (one line for each; leave out what your account does not offer, but keep talking_time)

${JSON.stringify(body, null, 2)}`;
}

function wasender({ appUrl, wasenderSecret }: Answers): string {
  return `Sessions → your session → Webhook
  URL        ${appUrl}/api/whatsapp-webhook
  Secret     ${wasenderSecret}
  Events     ${WASENDER_EVENTS.join(", ")}`;
}

function staff({ appSecret }: Answers): string {
  if (appSecret === null) {
    return `npm run staff -- add anna@example.com Anna

It prints a password with which she signs in at /monitor.

Supabase → Authentication → Rate Limits → switch IP Address Forwarding on: it then limits sign-ins by the
colleague's address, and not by the app's, which all of them share.`;
  }
  return `Supabase → Authentication → Users → Add user (with "Auto confirm"), then in the SQL editor:

insert into public.staff (user_id, name)
select id, 'Anna' from auth.users where email = 'anna@example.com'
on conflict (user_id) do update set name = excluded.name;

She signs in at /monitor.`;
}
