/** Amazon's Signature Version 4 for SES, by WebCrypto. Only files that send through SES carry it. */
import { bytes, hex, hmac, sha256 } from "./digest.ts";
import type { Sign } from "./host.ts";

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * Signs a request whose path needs no escaping and that has no query. Host, content type and Amazon's own headers are
 * signed: a proxy may change the others.
 */
export const sign: Sign = async (request, sender, region, now) => {
  const { host, pathname } = new URL(request.url);
  const time = new Date(now).toISOString().replace(/-|:|\.\d+/g, "");
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/ses/aws4_request`;

  const added: { [name: string]: string } = { "x-amz-date": time };
  if (sender.sessionToken) added["x-amz-security-token"] = sender.sessionToken;
  // Headers lists its names in lower case and in order, as a canonical request wants them.
  const headers = [...new Headers({ ...request.headers, ...added, host })];
  const signed = headers.filter(([name]) => /^(host|content-type|x-amz-.*)$/.test(name));
  const names = signed.map(([name]) => name).join(";");
  const lines = signed.map(([name, value]) => `${name}:${value.replace(/\s+/g, " ")}\n`).join("");

  const canonical = `POST\n${pathname}\n\n${lines}\n${names}\n${await sha256(request.body)}`;
  const text = `${ALGORITHM}\n${time}\n${scope}\n${await sha256(canonical)}`;
  let key = bytes(`AWS4${sender.secretAccessKey}`);
  for (const part of [...scope.split("/"), text]) key = await hmac(key, part);
  const credential = `${sender.accessKeyId}/${scope}`;
  const authorization = `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${hex(key)}`;
  return { ...request, headers: { ...request.headers, ...added, authorization } };
};
