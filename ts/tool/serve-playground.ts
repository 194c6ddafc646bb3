/** `make playground`: serves pkg/playground on this machine alone. */
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";

const TYPES: { [file: string]: string } = { "index.html": "text/html", "editor.js": "text/javascript" };
const FOLDER = new URL("../../pkg/playground/", import.meta.url);

/** On a free port, unless one is given. */
export async function servePlayground(port = 0): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? "/", "http://localhost").pathname.slice(1) || "index.html";
    const file = new URL(name, FOLDER);
    const type = TYPES[name];
    if (!type || !existsSync(file)) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { url } = await servePlayground(Number(process.env.PORT ?? 0));
  console.log(`The playground is at ${url} until you press Ctrl+C.`);
}
