import { callFunction, findFunctions } from "./functions.ts";
import { readRouting } from "./routing.ts";
import { type LocalServer, serve } from "./serve.ts";
import { staticFile } from "./static-file.ts";

const ROOT = new URL("../", import.meta.url);
const PUBLIC = new URL("public/", ROOT);

/** Paths that exist on a developer's machine only; null passes the request on. */
export type LocalRoutes = (request: Request, path: string) => Promise<Response | null>;

/**
 * Serves the app as Vercel does: redirects, then headers on whatever follows, then files and functions, then rewrites.
 * Requests wait until `ready`.
 */
export async function startApp(port: number, ready: Promise<LocalRoutes>): Promise<LocalServer> {
  const routing = await readRouting(new URL("vercel.json", ROOT));
  const functions = await findFunctions(new URL("api/", ROOT));

  const find = async (request: Request, path: string): Promise<Response | null> => {
    const file = functions.get(path);
    if (file) return callFunction(file, request);
    return request.method === "GET" || request.method === "HEAD" ? staticFile(PUBLIC, path) : null;
  };

  const answer = async (request: Request, path: string): Promise<Response> => {
    const local = await (await ready)(request, path);
    if (local) return local;
    const found = await find(request, path);
    if (found) return found;
    const rewritten = routing.rewrite(path);
    return (rewritten && (await find(request, rewritten))) || errorJson(404, "not_found", "There is nothing here.");
  };

  return serve(async (request) => {
    const path = new URL(request.url).pathname;
    const redirect = routing.redirect(path);
    if (redirect) return new Response(null, { status: redirect.status, headers: { location: redirect.location } });
    const response = await answer(request, path).catch((error: unknown) => {
      console.error(`${request.method} ${path}:`, error);
      return errorJson(500, "internal_error", "Something went wrong on our side.");
    });
    const headers = new Headers(response.headers);
    for (const [name, value] of routing.headers(path)) headers.set(name, withLocalStorage(value));
    const body = request.method === "HEAD" ? null : response.body;
    return new Response(body, { status: response.status, headers });
  }, port);
}

/** A project of one's own machine is none of Supabase's addresses, which vercel.json lets the page load files from. */
const withLocalStorage = (policy: string): string =>
  policy.replace("https://*.supabase.co", `$& ${new URL(process.env.SUPABASE_URL || "http://localhost").origin}`);

function errorJson(status: number, code: string, message: string): Response {
  return Response.json({ success: false, error: { code, message } }, { status });
}
