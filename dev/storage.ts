import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { buffer } from "node:stream/consumers";
import type { App } from "@supabase/lite";

type StorageAdapter = NonNullable<App["_storageAdapter"]>;

/** Storage's files in a folder. What they are called and are is in the database; here are the bytes. */
export function folderStorage(folder: string): StorageAdapter {
  const root = resolve(folder);
  const placeOf = (bucket: string, key: string): string => {
    const path = resolve(root, bucket, key);
    if (!path.startsWith(root + sep)) throw new Error(`${key} leads out of ${root}`);
    return path;
  };
  const describe = async (bucket: string, key: string) => {
    const path = placeOf(bucket, key);
    const [{ size, mtime }, type] = await Promise.all([stat(path), readFile(`${path}.type`, "utf8")]);
    return {
      cacheControl: "no-cache",
      contentLength: size,
      size,
      mimetype: type,
      lastModified: mtime,
      eTag: `"${createHash("sha256").update(`${size} ${mtime.getTime()}`).digest("hex").slice(0, 32)}"`,
      httpStatusCode: 200,
    };
  };
  const removeOne = async (bucket: string, key: string) => {
    const path = placeOf(bucket, key);
    await Promise.all([rm(path, { force: true }), rm(`${path}.type`, { force: true })]);
  };
  return {
    driver: null,
    getObject: async (bucket, key) => ({
      metadata: await describe(bucket, key),
      httpStatusCode: 200,
      body: await readFile(placeOf(bucket, key)),
    }),
    uploadObject: async (bucket, key, _version, body, contentType) => {
      const path = placeOf(bucket, key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, body instanceof Uint8Array ? body : await buffer(body));
      await writeFile(`${path}.type`, contentType);
      return describe(bucket, key);
    },
    deleteObject: removeOne,
    deleteObjects: async (bucket, keys) => void (await Promise.all(keys.map((key) => removeOne(bucket, key)))),
    copyObject: async (bucket, key, _version, toBucket, toKey) => {
      const [from, to] = [placeOf(bucket, key), placeOf(toBucket, toKey)];
      await mkdir(dirname(to), { recursive: true });
      await Promise.all([copyFile(from, to), copyFile(`${from}.type`, `${to}.type`)]);
      return describe(toBucket, toKey);
    },
    headObject: (bucket, key) => describe(bucket, key),
    privateAssetUrl: async (bucket, key) => `file://${placeOf(bucket, key)}`,
  };
}

type Handler = (request: Request) => Response | Promise<Response>;
type Listed = { name: string; id: string | null };

/** Where this Storage answers otherwise than Supabase's own, it is made to answer as that does. */
export function likeHostedStorage(handle: Handler): Handler {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const [, action] = /^\/storage\/v1\/object\/(sign|list)\//.exec(pathname) ?? [];
    if (!action) return handle(request);
    if (action === "list") {
      const { prefix }: { prefix: string } = await request.clone().json();
      const response = await handle(request);
      return response.ok ? Response.json(oneFolder(prefix, await response.json())) : response;
    }
    const response = await handle(request);
    if (!response.ok) return response;
    if (request.method === "POST") {
      // There the field is called signedURL, and its path begins below /storage/v1.
      const { signedUrl, ...rest }: { signedUrl?: string } = await response.json();
      return Response.json({ ...rest, signedURL: signedUrl?.replace("/storage/v1", "") });
    }
    const name = searchParams.get("download");
    if (name === null) return response;
    const headers = new Headers(response.headers);
    headers.set("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
    return new Response(response.body, { status: response.status, headers });
  };
}

/**
 * What lies in a folder itself, by its name there: a folder has no id. Here all files below it are listed by their
 * path.
 */
function oneFolder(prefix: string, listed: Listed[]): Listed[] {
  const start = prefix === "" ? "" : `${prefix.replace(/\/$/, "")}/`;
  const inside = listed.filter(({ name }) => name.startsWith(start));
  const names = inside.map(({ name, ...rest }): Listed => {
    const [first = "", ...deeper] = name.slice(start.length).split("/");
    return deeper.length > 0 ? { name: first, id: null } : { ...rest, name: first };
  });
  return [...new Map(names.map((entry) => [entry.name, entry])).values()];
}
