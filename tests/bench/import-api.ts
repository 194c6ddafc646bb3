/** An Admin API and a provider that do nothing and answer at once, as a process: what is left is what `import` itself takes. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const JSON_TYPE = { "content-type": "application/json" };
const createdAt = new Date().toISOString();
const tasks = new Map<string, number>();
let users = 0;

const uuid = () => `00000000-0000-4000-8000-${(++users).toString(16).padStart(12, "0")}`;
const node = (id: string) => ({ id, createdAt, standardAttributes: {} });

function answer(url: string, body: string): unknown {
  if (url === "/emails") return { id: "m" };
  const [, task] = /\/users\/import\/(.+)$/.exec(url) ?? [];
  if (task) {
    const details = Array.from({ length: tasks.get(task) ?? 0 }, (_, index) => ({
      index,
      outcome: "inserted",
      user_id: uuid(),
    }));
    return { result: { id: task, status: "completed", details } };
  }
  const { query, variables, records } = JSON.parse(body);
  if (records) {
    const id = `t${tasks.size}`;
    tasks.set(id, records.length);
    return { result: { id, status: "pending" } };
  }
  if (query.includes("createUser")) return { data: { createUser: { user: node(btoa(`User:${uuid()}`)) } } };
  return { data: { node: node(variables.id) } };
}

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => response.writeHead(200, JSON_TYPE).end(JSON.stringify(answer(request.url ?? "", body))));
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
