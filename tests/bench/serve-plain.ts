/** What a good developer writes by hand in half an hour: verified, parsed, sent, answered; nothing is kept. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const { SECRET = "", KEY = "", PROVIDER = "" } = process.env;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    const body = Buffer.concat(chunks);
    const expected = createHmac("sha256", SECRET).update(body).digest();
    const given = Buffer.from(String(request.headers["x-authgear-body-signature"]), "hex");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      response.writeHead(401).end();
      return;
    }
    const event = JSON.parse(body.toString());
    if (event.type !== "user.created" || event.context.triggered_by !== "admin_api") {
      response.writeHead(200).end();
      return;
    }
    const identity = event.payload.identities[0].claims;
    const to = identity["https://authgear.com/claims/login_id/original_value"];
    const text = `Hello, a new account has been created for you on Acme.\nKindly visit https://accounts.acme.example, and use Forgot Password to set a new password for your account.\nYour userID is ${to}`;
    const sent = await fetch(`${PROVIDER}/emails`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${KEY}`, "idempotency-key": event.id },
      body: JSON.stringify({
        from: "Acme <no-reply@acme.example>",
        to: [to],
        subject: "Your new account on Acme",
        text,
      }),
    });
    await sent.arrayBuffer();
    response.writeHead(sent.ok ? 200 : 502).end();
  });
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
