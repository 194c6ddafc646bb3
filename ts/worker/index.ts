/** A Worker of your own: fill in your name, URL, sender and receiver. Secrets come from `wrangler secret put`. */
import { createWorker } from "authgear-invite/worker";

export { Claims } from "authgear-invite/worker";

type Env = { RESEND_KEY: string; WEBHOOK_SECRET: string; REPORT_SECRET: string };

export default createWorker((env: Env) => ({
  serviceName: "Acme",
  url: "https://accounts.acme.example",
  email: [{ provider: "resend", apiKey: env.RESEND_KEY, from: "Acme <no-reply@acme.example>" }],
  deadLetter: { url: "https://it.acme.example/invitations/failed", secret: env.REPORT_SECRET },
  webhook: { secrets: [env.WEBHOOK_SECRET] },
})) satisfies ExportedHandler<Env>;
