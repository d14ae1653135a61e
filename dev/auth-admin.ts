import { randomUUID } from "node:crypto";
import { hash } from "bcryptjs";
import { z } from "zod/v3";
import type { LocalDatabase } from "./database.ts";

type Handler = (request: Request) => Response | Promise<Response>;

const Page = z.object({
  page: z.coerce.number().int().positive().catch(1),
  per_page: z.coerce.number().int().positive().catch(50),
});
const NewUser = z.object({
  email: z.string().email().toLowerCase(),
  password: z.string().min(6),
  email_confirm: z.boolean().default(false),
});
const Change = z.object({ password: z.string().min(6), email_confirm: z.boolean().default(false) });

/**
 * Adds Supabase Auth's administration of accounts, which the local Supabase lacks, as far as scripts/manage-staff.ts
 * uses it: list, read, create, give another password, delete. As there, another password ends all sessions of the
 * account.
 *
 * @see https://github.com/supabase/auth/blob/master/internal/api/admin.go
 */
export function withAuthAdmin(database: LocalDatabase, secretKey: string, handle: Handler): Handler {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const path = /^\/auth\/v1\/admin\/users(?:\/([0-9a-f-]{36}))?$/.exec(pathname);
    if (path === null) return handle(request);
    if (request.headers.get("apikey") !== secretKey) return refuse(403, "not_admin", "User not allowed");
    const [, id] = path;
    if (id === undefined) {
      if (request.method === "GET") return list(database, Page.parse(Object.fromEntries(searchParams)));
      return create(database, NewUser.parse(await request.json()));
    }
    const [user] = await users(database, `where id = ${literal(id)}`);
    if (!user) return refuse(404, "user_not_found", "User not found");
    if (request.method === "GET") return Response.json(user);
    if (request.method === "PUT") return change(database, id, Change.parse(await request.json()));
    await database.exec(`delete from auth.users where id = ${literal(id)}`);
    return Response.json({});
  };
}

const refuse = (status: number, error_code: string, msg: string) =>
  Response.json({ code: status, error_code, msg }, { status });

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Accounts as Auth tells of them. */
async function users(database: LocalDatabase, which: string): Promise<object[]> {
  const rows = await database.query<{ user: object }>(`
    select jsonb_build_object('id', id, 'aud', aud, 'role', role, 'email', email, 'email_confirmed_at', email_confirmed_at,
             'app_metadata', raw_app_meta_data, 'user_metadata', raw_user_meta_data, 'last_sign_in_at', last_sign_in_at,
             'created_at', created_at, 'updated_at', updated_at) as user
      from auth.users ${which}`);
  return rows.map(({ user }) => user);
}

async function list(database: LocalDatabase, { page, per_page }: z.infer<typeof Page>): Promise<Response> {
  const some = await users(database, `order by created_at desc, id limit ${per_page} offset ${(page - 1) * per_page}`);
  return Response.json({ users: some, aud: "authenticated" });
}

async function create(database: LocalDatabase, given: z.infer<typeof NewUser>): Promise<Response> {
  const email = literal(given.email);
  if ((await users(database, `where lower(email) = ${email}`)).length > 0) {
    return refuse(422, "email_exists", "A user with this email address has already been registered");
  }
  const id = randomUUID();
  const claims = literal(JSON.stringify({ sub: id, email: given.email, email_verified: given.email_confirm }));
  await database.exec(`
    insert into auth.users (id, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
    values ('${id}', ${email}, ${literal(await hash(given.password, 10))}, ${given.email_confirm ? "now()" : "null"},
            '{"provider": "email", "providers": ["email"]}', ${claims});
    insert into auth.identities (id, provider, provider_id, user_id, identity_data)
    values ('${randomUUID()}', 'email', '${id}', '${id}', ${claims});`);
  const [user] = await users(database, `where id = '${id}'`);
  return Response.json(user);
}

async function change(database: LocalDatabase, id: string, given: z.infer<typeof Change>): Promise<Response> {
  await database.exec(`
    update auth.users set encrypted_password = ${literal(await hash(given.password, 10))}, updated_at = now()
           ${given.email_confirm ? ", email_confirmed_at = coalesce(email_confirmed_at, now())" : ""}
     where id = ${literal(id)};
    delete from auth.sessions where user_id = ${literal(id)};`);
  const [user] = await users(database, `where id = ${literal(id)}`);
  return Response.json(user);
}
