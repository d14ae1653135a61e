import { readFile } from "node:fs/promises";
import { z } from "zod/v3";

const Rule = z.strictObject({ source: z.string(), destination: z.string() });
const VercelJson = z.object({
  redirects: z.array(Rule.extend({ permanent: z.boolean().optional(), statusCode: z.number().optional() })).default([]),
  rewrites: z.array(Rule).default([]),
  headers: z
    .array(
      z.strictObject({ source: z.string(), headers: z.array(z.strictObject({ key: z.string(), value: z.string() })) }),
    )
    .default([]),
});

/** vercel.json's rules on a path, applied by the app server in Vercel's order. */
export type Routing = {
  redirect: (path: string) => { location: string; status: number } | null;
  /** The destination of a path that is neither a file nor a function. */
  rewrite: (path: string) => string | null;
  /** All that match; of two for one header the later wins. */
  headers: (path: string) => [name: string, value: string][];
};

/** Reads vercel.json. A rule that this server would treat otherwise than Vercel is refused, not guessed. */
export async function readRouting(file: URL): Promise<Routing> {
  const rules = VercelJson.parse(JSON.parse(await readFile(file, "utf8")));
  const redirects = rules.redirects.map((rule) => ({ ...rule, lead: leadTo(rule) }));
  const rewrites = rules.rewrites.map(leadTo);
  const headers = rules.headers.map((rule) => ({ ...rule, pattern: toPattern(rule.source) }));
  return {
    redirect: (path) => {
      for (const { lead, permanent, statusCode } of redirects) {
        const location = lead(path);
        if (location !== null) return { location, status: statusCode ?? (permanent === false ? 307 : 308) };
      }
      return null;
    },
    rewrite: (path) => {
      for (const lead of rewrites) {
        const destination = lead(path);
        if (destination !== null) return destination;
      }
      return null;
    },
    headers: (path) =>
      headers
        .filter(({ pattern }) => pattern.test(path))
        .flatMap((rule) => rule.headers.map(({ key, value }): [string, string] => [key, value])),
  };
}

function leadTo({ source, destination }: { source: string; destination: string }): (path: string) => string | null {
  const pattern = toPattern(source);
  return (path) => {
    const match = pattern.exec(path);
    return match && destination.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? "");
  };
}

/** The part of path-to-regexp's syntax that vercel.json uses: literal characters and `(.*)`. */
function toPattern(source: string): RegExp {
  const literals = source.split("(.*)");
  if (literals.some((literal) => /[:*+?(){}[\]|\\^$]/.test(literal))) {
    throw new Error(`vercel.json: dev/routing.ts does not know the syntax of "${source}" yet.`);
  }
  return new RegExp(`^${literals.map((literal) => literal.replaceAll(".", "\\.")).join("(.*)")}$`);
}
