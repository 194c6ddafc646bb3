/** Cloudflare's workerd sends no User-Agent of its own, and without one Resend refuses every request. */

export const hostFetch = (url: string, init: RequestInit): Promise<Response> => {
  const headers = new Headers(init.headers);
  if (!headers.has("user-agent")) headers.set("user-agent", "authgear-invite");
  return fetch(url, { ...init, headers });
};
