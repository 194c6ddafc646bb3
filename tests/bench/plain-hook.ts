/** The guide's hook as a careful developer writes it by hand: for one provider, in one language, without retries. */
const SERVICE_NAME = "Acme";
const URL = "https://accounts.acme.example";
const FROM = "Acme <no-reply@acme.example>";
const API = "https://api.resend.com";
const API_KEY = "re_...";

type Identity = { type: string; claims: { [name: string]: unknown } };

type HookEvent = {
  id: string;
  type: string;
  payload: { identities?: Identity[] };
  context: { triggered_by: string };
};

export default async function (event: HookEvent): Promise<void> {
  if (event.type !== "user.created" || event.context.triggered_by !== "admin_api") return;
  const to = emailOf(event.payload.identities ?? []);
  if (to === undefined) {
    console.log(`event ${event.id}: the user has no e-mail address`);
    return;
  }
  const response = await fetch(`${API}/emails`, {
    method: "POST",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      Authorization: `Bearer ${API_KEY}`,
      "Idempotency-Key": event.id,
    },
    body: JSON.stringify({
      from: FROM,
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

function emailOf(identities: Identity[]): string | undefined {
  for (const { type, claims } of identities) {
    const address = claims["https://authgear.com/claims/login_id/original_value"] ?? claims.email;
    if (type === "login_id" && claims.email && typeof address === "string") return address;
  }
}

const text = (login: string) => `Hello,

A new account on ${SERVICE_NAME} has been created for you. Please visit the page below and use “Forgot Password?” to set a new password.

${URL}

Your login: ${login}

You received this message because an administrator created the account. If you did not expect it, please ignore it.`;

const html = (login: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Your new account on ${SERVICE_NAME}</title>
<body style="font: 16px/1.5 sans-serif; max-width: 560px; margin: 24px auto">
<p>Hello,</p>
<p>A new account on ${SERVICE_NAME} has been created for you. Please visit the page below and use “Forgot Password?” to set a new password.</p>
<p><a href="${URL}" style="background: #0b57d0; color: #fff; padding: 12px 24px; border-radius: 6px">Open ${SERVICE_NAME}</a></p>
<p><a href="${URL}">${URL}</a></p>
<p>Your login: ${escape(login)}</p>
<p>You received this message because an administrator created the account. If you did not expect it, please ignore it.</p>
</body>
</html>`;

function escape(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
