import { Resend } from "resend";
import { AUTO_SUBMITTED, type EmailSdk, json, TAG } from "./sdk.ts";

export const resend: EmailSdk<"resend"> = {
  accepted: json(200, { id: "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794" }),
  async send(message, options) {
    const { data, error } = await new Resend(options.apiKey).emails.send(
      {
        from: message.from,
        to: [message.to],
        ...(message.replyTo === undefined ? {} : { replyTo: message.replyTo }),
        subject: message.subject,
        text: message.text,
        html: message.html,
        headers: AUTO_SUBMITTED,
        tags: [{ name: "kind", value: TAG }],
      },
      { idempotencyKey: message.idempotencyKey },
    );
    if (error) throw new Error(error.name);
    return data?.id;
  },
};
