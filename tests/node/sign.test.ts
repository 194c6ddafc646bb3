/** The signature for SES against the one that Amazon's own SDK makes. */
import assert from "node:assert/strict";
import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { test } from "node:test";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import type { SesSender } from "../../ts/config.ts";
import type { HttpRequest } from "../../ts/core.ts";
import { sign } from "../../ts/sign.ts";

class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", Buffer.from(secret as Uint8Array));
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

async function official(request: HttpRequest, sender: SesSender, region: string, now: number) {
  const { protocol, host, hostname, pathname } = new URL(request.url);
  const signer = new SignatureV4({ service: "ses", region, credentials: sender, sha256: Sha256, applyChecksum: false });
  const { method, headers, body } = request;
  const signed = await signer.sign(
    { protocol, hostname, path: pathname, method, headers: { ...headers, host }, body, query: {} },
    { signingDate: new Date(now), unsignableHeaders: new Set(["accept"]) },
  );
  return signed.headers;
}

const path = "/v2/email/outbound-emails";
const request: HttpRequest = {
  url: `https://email.eu-west-1.amazonaws.com${path}`,
  method: "POST",
  headers: { "content-type": "application/json", "user-agent": "authgear-invite", accept: "application/json" },
  body: `{"Content":{"Simple":{"Subject":{"Data":"Grüße"}}}}`,
};
const sender: SesSender = {
  provider: "ses",
  region: "eu-west-1",
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const now = Date.UTC(2026, 8, 1, 8, 30, 1, 250);

test("the signature is added, nothing else changes", async () => {
  const { headers, ...rest } = await sign(request, sender, "eu-west-1", now);
  assert.deepEqual(rest, { url: request.url, method: "POST", body: request.body });
  assert.deepEqual(headers, {
    ...request.headers,
    "x-amz-date": "20260901T083001Z",
    authorization: (await official(request, sender, "eu-west-1", now)).authorization,
  });
  assert.match(
    headers.authorization ?? "",
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260901\/eu-west-1\/ses\/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}$/,
  );
});

test("the session token travels along and is signed", async () => {
  const { headers } = await sign(request, { ...sender, sessionToken: "IQoJb3JpZ2lu+/=" }, "eu-west-1", now);
  assert.equal(headers["x-amz-security-token"], "IQoJb3JpZ2lu+/=");
  assert.match(headers.authorization ?? "", /SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,/);
});

test("every request is signed as the SDK signs it", async () => {
  const ascii = fc.string({ minLength: 1, maxLength: 60, unit: fc.constantFrom(..."abcXYZ019+/=-_. ") });
  const token = fc.string({ minLength: 1, maxLength: 60, unit: fc.constantFrom(..."abcXYZ019+/=-_") });
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        origin: fc.constantFrom(
          "https://email.us-east-1.amazonaws.com",
          "http://127.0.0.1:8025",
          "http://localhost:80",
        ),
        body: fc.string({ unit: "grapheme", maxLength: 200 }),
        contentType: ascii,
        amz: ascii,
        region: fc.constantFrom("us-east-1", "ap-northeast-1"),
        id: token,
        secret: fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
        sessionToken: fc.option(token, { nil: undefined }),
        now: fc.date({ min: new Date(0), max: new Date("2099-12-31"), noInvalidDate: true }),
      }),
      async ({ origin, body, contentType, amz, region, id, secret, sessionToken, now }) => {
        const headers = { "content-type": contentType, "x-amz-tag": amz, "user-agent": "authgear-invite" };
        const one: HttpRequest = { url: origin + path, method: "POST", headers, body };
        const keys: SesSender = { provider: "ses", region, accessKeyId: id, secretAccessKey: secret, sessionToken };
        const ours = await sign(one, keys, region, now.getTime());
        const theirs = await official(one, keys, region, now.getTime());
        assert.equal(ours.headers.authorization, theirs.authorization);
        assert.equal(ours.headers["x-amz-date"], theirs["x-amz-date"]);
        assert.equal(ours.headers["x-amz-security-token"], theirs["x-amz-security-token"]);
      },
    ),
  );
});
