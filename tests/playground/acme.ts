/** A configuration that is filled in. */
export const KEY = "re_8dYq2wXvTn_6LrKc4Zb1Hs9Jm";

export const ACME = {
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend" as const, apiKey: KEY, from: "Acme <no-reply@acme.example>" }],
};
