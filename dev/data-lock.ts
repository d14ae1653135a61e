import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export type DataLock = { release: () => Promise<void> };

/**
 * Takes a data folder for this process, or returns null if another one has it: PGlite does not notice, and two
 * processes on one folder ruin it.
 *
 * The lock is a socket that this process listens on, so it ends with the process, however that ends.
 */
export async function lockData(folder: string): Promise<DataLock | null> {
  const name = `greengen-dev-${createHash("sha256").update(resolve(folder)).digest("hex").slice(0, 16)}`;
  // Not in the folder itself: a socket's path may have about 100 characters at most.
  const path = process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
  if (await isHeld(path)) return null;
  if (process.platform !== "win32") await rm(path, { force: true });
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((done, reject) => {
    server.once("error", reject).listen(path, done);
  });
  return { release: () => new Promise((done) => server.close(() => done())) };
}

function isHeld(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path)
      .once("connect", () => {
        socket.destroy();
        done(true);
      })
      .once("error", () => done(false));
  });
}
