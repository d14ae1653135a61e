/** Which kind of Supabase key it is: new ones say so, older ones are JWTs with the role in them. */
export function keyKind(key: string): "secret" | "public" | "unknown" {
  if (key.startsWith("sb_secret_")) return "secret";
  if (key.startsWith("sb_publishable_")) return "public";
  try {
    const claims: unknown = JSON.parse(Buffer.from(key.split(".")[1] ?? "", "base64url").toString());
    const role = typeof claims === "object" && claims !== null && "role" in claims ? claims.role : null;
    return role === "service_role" ? "secret" : role === "anon" ? "public" : "unknown";
  } catch {
    return "unknown";
  }
}
