/** The guide's hook as a careful developer writes it by hand: one provider, one language, no retries. */
const SERVICE_NAME = "Acme";
const SIGN_IN = "https://accounts.acme.example";
const API = "https://api.resend.com";
const API_KEY = "re_...";

type HookEvent = {
  id: string;
  type: string;
  payload: { identities?: { type: string; claims: { [name: string]: unknown } }[] };
  context: { triggered_by: string };
};

export default async function (event: HookEvent): Promise<void> {
  if (event.type !== "user.created" || event.context.triggered_by !== "admin_api") return;
  const identity = event.payload.identities?.find(({ type, claims }) => type === "login_id" && claims.email);
  if (identity === undefined) return console.log(`event ${event.id}: no e-mail address`);
  const to = String(identity.claims["https://authgear.com/claims/login_id/original_value"] ?? identity.claims.email);
  const response = await fetch(`${API}/emails`, {
    method: "POST",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      Authorization: `Bearer ${API_KEY}`,
      "Idempotency-Key": event.id,
    },
    body: JSON.stringify({
      from: "Acme <no-reply@acme.example>",
      to: [to],
      subject: `Your new account on ${SERVICE_NAME}`,
      text: text(to),
      html: html(to),
      headers: { "Auto-Submitted": "auto-generated" },
      tags: [{ name: "kind", value: "authgear-invite" }],
    }),
  });
  if (!response.ok) throw new Error(`event ${event.id}: the mail API answered ${response.status}`);
  console.log(`event ${event.id}: sent`);
}

const text = (login: string) => `Hello,

A new account on ${SERVICE_NAME} has been created for you. Please visit the page below and use “Forgot Password?” to set a new password.

${SIGN_IN}

Your login: ${login}

You received this message because an administrator created the account. If you did not expect it, please ignore it.`;

const html = (login: string) => `<!doctype html><html lang="en"><meta charset="utf-8">
<body style="font: 16px/1.5 sans-serif; max-width: 560px; margin: 24px auto">
<p>Hello,</p>
<p>A new account on ${SERVICE_NAME} has been created for you. Please visit the page below and use “Forgot Password?” to set a new password.</p>
<p><a href="${SIGN_IN}" style="background: #0b57d0; color: #fff; padding: 12px 24px">Open ${SERVICE_NAME}</a></p>
<p><a href="${SIGN_IN}">${SIGN_IN}</a></p>
<p>Your login: ${login.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)}</p>
<p>You received this message because an administrator created the account. If you did not expect it, please ignore it.</p>
</body></html>`;
