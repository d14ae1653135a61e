import { createClient } from "@supabase/supabase-js";
import type { Config } from "../config.ts";
import { appHeaders } from "./client.ts";

/** The private bucket of the customers' files; a migration makes it. */
const BUCKET = "bills";
/** How long one call to Storage may take, in milliseconds: 20 MB have to fit. */
const TIMEOUT_MS = 15_000;
/** Storage lists and removes at most so many at once. */
const PAGE = 1_000;

/** Supabase Storage did not do what it was asked to. */
export class StorageError extends Error {
  readonly status: number | null;

  constructor(doing: string, message: string, status: number | null) {
    super(`${doing}: ${message}`);
    this.name = "StorageError";
    this.status = status;
  }
}

type Answer<Data> = { data: Data | null; error: Error | null };

/** What is done with the bucket, as the app itself. */
export function bucket(config: Config) {
  const { url, key } = config.supabase;
  const files = createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: {
      headers: appHeaders(config),
      fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }),
    },
  }).storage.from(BUCKET);
  const required = <Data>(doing: string, { data, error }: Answer<Data>): Data => {
    if (data !== null) return data;
    const status = error && "statusCode" in error ? Number(error.statusCode) : Number.NaN;
    throw new StorageError(doing, error?.message ?? "no answer", Number.isNaN(status) ? null : status);
  };

  const list = async (folder: string): Promise<string[]> => {
    const paths: string[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const entries = required("list", await files.list(folder, { limit: PAGE, offset }));
      for (const { id, name } of entries) {
        // Without an id it is a folder.
        if (id === null) paths.push(...(await list(`${folder}/${name}`)));
        else paths.push(`${folder}/${name}`);
      }
      if (entries.length < PAGE) return paths;
    }
  };

  return {
    /** Stores a file; one that is there already is replaced, so that doing it twice does no harm. */
    upload: async (path: string, bytes: Buffer, contentType: string): Promise<void> => {
      required("upload", await files.upload(path, bytes, { contentType, upsert: true, cacheControl: "3600" }));
    },
    /** A file's bytes. They are held in memory: for small ones. */
    read: async (path: string): Promise<Blob> => required("read", await files.download(path)),
    /** Removes files. Returns the paths of those that were there. */
    remove: async (paths: string[]): Promise<string[]> => {
      const removed: string[] = [];
      for (let i = 0; i < paths.length; i += PAGE) {
        const gone = required("remove", await files.remove(paths.slice(i, i + PAGE)));
        removed.push(...gone.map(({ name }) => name));
      }
      return removed;
    },
    /** The paths of all files in a folder and its folders. */
    list,
    /**
     * A link that works for so many seconds, for anybody who has it. With a file name the browser saves instead of
     * showing.
     */
    sign: async (path: string, seconds: number, fileName: string | null): Promise<string> => {
      const options = fileName === null ? {} : { download: fileName };
      return required("sign", await files.createSignedUrl(path, seconds, options)).signedUrl;
    },
  };
}
