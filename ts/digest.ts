/** The little of WebCrypto that signatures need. */

export const bytes = (text: string) => new TextEncoder().encode(text);

/** Lower-case hexadecimal. */
export const hex = (data: Uint8Array) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** HMAC-SHA256. */
export async function hmac(secret: ReturnType<typeof bytes>, text: string) {
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(text)));
}

/** SHA-256 in hexadecimal. */
export const sha256 = async (text: string) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(text))));
