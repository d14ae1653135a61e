import { readdir } from "node:fs/promises";

/**
 * The functions under a folder by their path, as Vercel finds them: api/webhook/cloudtalk.ts → /api/webhook/cloudtalk.
 */
export async function findFunctions(folder: URL): Promise<Map<string, URL>> {
  const files = await readdir(folder, { recursive: true });
  return new Map(
    files
      .map((file) => file.replaceAll("\\", "/"))
      .filter((file) => file.endsWith(".ts") && !/(^|\/)[_.]|\.d\.ts$/.test(file))
      .map((file) => [`/api/${file.replace(/\.ts$/, "").replace(/(^|\/)index$/, "")}`, new URL(file, folder)]),
  );
}

/**
 * Calls the export with the method's name, as Vercel does. If there is none the answer is 405: GET does not replace
 * HEAD.
 */
export async function callFunction(file: URL, request: Request): Promise<Response> {
  const exported: Record<string, unknown> = await import(file.href);
  const handler = exported[request.method];
  if (typeof handler !== "function") return new Response(null, { status: 405 });
  const response: unknown = await handler(request);
  if (!(response instanceof Response)) throw new Error(`${file.pathname} did not answer with a Response.`);
  return response;
}
