/** The Admin API's token: an RS256 JWT by WebCrypto, from the Portal's PEM. */
import { bytes } from "../digest.ts";

type Bytes = ReturnType<typeof bytes>;

/** Seconds for which a token holds; Authgear's own live as long. */
const LIFE = 300;
/** A token that has no more than so many seconds left is replaced. */
const SPARE = 60;
const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** What a token is made of. */
export type Signer = { projectId: string; keyId: string; privateKey: string };

/** The private key cannot be used. The message says why, and holds nothing of it. */
export class KeyError extends Error {
  override readonly name = "KeyError";
}

/** Gives a token that holds for at least a minute, made anew only when the last one does not. */
export function tokens({ projectId, keyId, privateKey }: Signer, now: () => number): () => Promise<string> {
  let key: Promise<CryptoKey> | undefined;
  let token: Promise<string> | undefined;
  let from = 0;
  const make = async (iat: number) => {
    key ??= readKey(privateKey);
    const head = base64url(bytes(JSON.stringify({ alg: "RS256", typ: "JWT", kid: keyId })));
    const claims = base64url(bytes(JSON.stringify({ aud: [projectId], iat, exp: iat + LIFE })));
    const signer = await key;
    const signature = await crypto.subtle.sign(RS256, signer, bytes(`${head}.${claims}`)).catch(() => {
      throw new KeyError("is a damaged RSA private key");
    });
    return `${head}.${claims}.${base64url(new Uint8Array(signature))}`;
  };
  return () => {
    const at = Math.floor(now() / 1000);
    if (!token || at < from || at >= from + LIFE - SPARE) {
      from = at;
      token = make(at);
    }
    return token;
  };
}

async function readKey(pem: string): Promise<CryptoKey> {
  const pkcs8 = decodePem(pem);
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, RS256, false, ["sign"]);
  } catch {
    throw new KeyError("is no RSA private key");
  }
}

/**
 * PKCS#8 out of the PEM of either kind, as it stands in a file or, with `\n` for its line breaks, in an environment
 * variable.
 *
 * @throws {KeyError}
 */
export function decodePem(pem: string): Bytes {
  const lines = pem.replaceAll("\\n", "\n");
  const [, label, body = ""] = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/.exec(lines) ?? [];
  if (label === undefined) throw new KeyError("must be a PEM: -----BEGIN PRIVATE KEY----- and so on");
  if (label === "ENCRYPTED PRIVATE KEY" || body.includes("ENCRYPTED"))
    throw new KeyError("is encrypted; must be without a passphrase");
  if (label !== "PRIVATE KEY" && label !== "RSA PRIVATE KEY")
    throw new KeyError("must be a PRIVATE KEY or an RSA PRIVATE KEY; this PEM holds something else");
  let der: Bytes;
  try {
    der = Uint8Array.from(atob(body.replace(/\s+/g, "")), (char) => char.charCodeAt(0));
  } catch {
    throw new KeyError("is damaged: what stands in the PEM is no base64");
  }
  return label === "PRIVATE KEY" ? der : wrap(der);
}

/** Version 0, and the algorithm rsaEncryption without parameters. */
const PKCS8_HEAD = [0x02, 0x01, 0, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 0x05, 0];
const SEQUENCE = 0x30;
const OCTET_STRING = 0x04;

/** WebCrypto takes no PKCS#1: it becomes the content of PKCS#8. */
const wrap = (pkcs1: Bytes): Bytes => Uint8Array.from(der(SEQUENCE, [...PKCS8_HEAD, ...der(OCTET_STRING, [...pkcs1])]));

function der(tag: number, content: number[]): number[] {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return [tag, ...size, ...content];
}

/** Base64url without padding. */
export const base64url = (data: Uint8Array) =>
  btoa(String.fromCharCode(...data))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
