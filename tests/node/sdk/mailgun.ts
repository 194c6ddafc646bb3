import Mailgun from "mailgun.js";
import { AUTO_SUBMITTED, type EmailSdk, json, TAG } from "./sdk.ts";

export const mailgun: EmailSdk<"mailgun"> = {
  accepted: json(200, { id: "<20260801100000.1.ABC@mg.acme.example>", message: "Queued. Thank you." }),
  async send(message, options) {
    const client = new Mailgun(FormData).client({
      username: "api",
      key: options.apiKey,
      ...(options.region === "eu" ? { url: "https://api.eu.mailgun.net" } : {}),
    });
    const headers = { ...AUTO_SUBMITTED, ...(message.replyTo === undefined ? {} : { "Reply-To": message.replyTo }) };
    const result = await client.messages.create(options.domain, {
      from: message.from,
      to: message.to,
      subject: message.subject,
      text: message.text,
      html: message.html,
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [`h:${name}`, value])),
      "o:tag": TAG,
      "o:tracking": false,
      "o:tracking-clicks": false,
      "o:tracking-opens": false,
    });
    return result.id;
  },
};
