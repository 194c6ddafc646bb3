/**
 * A lock that the system gives back when a process ends, however it ends: a name that only one can listen on. Nobody
 * connects to it but to see whether its holder lives.
 */
import { unlinkSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";

export type Release = () => void;

/** `undefined`: another process of this machine holds it. */
export async function lock(name: string, platform: NodeJS.Platform = process.platform): Promise<Release | undefined> {
  const path = pathFor(name, platform);
  const server = (await listen(path)) ?? ((await isAbandoned(path, platform)) ? await listen(path) : undefined);
  // Closing removes the file, where there is one.
  return server && (() => server.close());
}

/** Linux has names that are no files, Windows pipes; elsewhere it is a file, which a killed process leaves behind. */
function pathFor(name: string, platform: NodeJS.Platform): string {
  if (platform === "linux") return `\0${name}`;
  return platform === "win32" ? `\\\\.\\pipe\\${name}` : join("/tmp", `${name}.sock`);
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy()).unref();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(path, () => resolve(server));
  });
}

/** Whether it was a file that nobody listens on, which is then gone. */
async function isAbandoned(path: string, platform: NodeJS.Platform): Promise<boolean> {
  if (platform === "linux" || platform === "win32") return false;
  const dead = await new Promise<boolean>((resolve) => {
    const socket = connect(path, () => socket.destroy(resolve(false) as undefined));
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
  if (dead) unlinkSync(path);
  return dead;
}
