import { MailService } from "@sendgrid/mail";
import { AUTO_SUBMITTED, type EmailSdk, mailbox, TAG } from "./sdk.ts";

export const sendgrid: EmailSdk<"sendgrid"> = {
  accepted: { status: 202, headers: { "x-message-id": "14c5d75ce93.dfd.64b469" } },
  async send(message, options) {
    const service = new MailService();
    service.setApiKey(options.apiKey);
    const [response] = await service.send({
      from: mailbox(message.from),
      to: message.to,
      ...(message.replyTo === undefined ? {} : { replyTo: mailbox(message.replyTo) }),
      subject: message.subject,
      text: message.text,
      html: message.html,
      headers: AUTO_SUBMITTED,
      categories: [TAG],
      trackingSettings: {
        clickTracking: { enable: false, enableText: false },
        openTracking: { enable: false },
        subscriptionTracking: { enable: false },
        ganalytics: { enable: false },
      },
    });
    return response.headers["x-message-id"];
  },
};
