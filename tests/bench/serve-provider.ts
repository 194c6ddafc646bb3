/** A provider that answers at once; GET says how many messages it has taken. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

let taken = 0;

const server = createServer((request, response) => {
  if (request.method === "GET") {
    response.end(String(taken));
    return;
  }
  request.resume();
  request.on("end", () => {
    taken += 1;
    response.writeHead(200, { "content-type": "application/json" }).end(`{"id":"m1"}`);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
