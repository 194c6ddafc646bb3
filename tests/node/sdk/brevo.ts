import { BrevoClient } from "@getbrevo/brevo";
import { AUTO_SUBMITTED, type EmailSdk, json, mailbox, TAG } from "./sdk.ts";

export const brevo: EmailSdk<"brevo"> = {
  accepted: json(201, { messageId: "<202608011000.12345678901@smtp-relay.mailin.fr>" }),
  async send(message, options) {
    const result = await new BrevoClient({ apiKey: options.apiKey }).transactionalEmails.sendTransacEmail({
      sender: mailbox(message.from),
      to: [{ email: message.to }],
      ...(message.replyTo === undefined ? {} : { replyTo: mailbox(message.replyTo) }),
      subject: message.subject,
      textContent: message.text,
      htmlContent: message.html,
      headers: { ...AUTO_SUBMITTED, idempotencyKey: message.idempotencyKey },
      tags: [TAG],
    });
    return result.messageId;
  },
};
