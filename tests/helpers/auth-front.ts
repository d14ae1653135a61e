import { type LocalServer, serve } from "../../dev/serve.ts";
import type { World } from "./world.ts";

/** What Supabase Auth does for a while: as it does; refuse everything as too much; fail; or not answer at all. */
export type AuthMood = "well" | "limited" | "broken" | "gone";

export type AuthFront = LocalServer & {
  /** What was asked of Supabase Auth, with the address of the caller if that was told: "password 203.0.113.1", "refresh_token". */
  asked: string[];
  mood: AuthMood;
};

/**
 * Stands before a world's Supabase, and takes its place in the environment. A password that is "wrong" is refused here: the
 * real check of one takes a second.
 */
export async function startAuthFront(world: World): Promise<AuthFront> {
  const asked: string[] = [];
  const server = await serve(async (request) => {
    const { pathname, search, searchParams } = new URL(request.url);
    const body = await request.arrayBuffer();
    if (pathname === "/auth/v1/token") {
      const address = request.headers.get("sb-forwarded-for");
      asked.push([searchParams.get("grant_type"), address].filter(Boolean).join(" "));
      if (front.mood === "limited") return told(429, "over_request_rate_limit");
      if (front.mood === "broken") return told(500, "unexpected_failure");
      if (front.mood === "gone") return new Promise<Response>(() => undefined);
      if (Buffer.from(body).includes('"password":"wrong"')) return told(400, "invalid_credentials");
    }
    // Supabase knows passwords that have leaked elsewhere.
    if (pathname === "/auth/v1/user" && Buffer.from(body).includes("password1234")) return told(422, "weak_password");
    if (pathname === "/auth/v1/logout") asked.push("logout");
    return fetch(`${world.supabase.url}${pathname}${search}`, {
      method: request.method,
      headers: request.headers,
      ...(body.byteLength > 0 ? { body } : {}),
    });
  });
  process.env.SUPABASE_URL = server.url;
  const front: AuthFront = Object.assign(server, { asked, mood: "well" as AuthMood });
  return front;
}

const told = (status: number, error_code: string) =>
  Response.json({ code: status, error_code, msg: error_code }, { status });
