import Mailjet, { type SendEmailV3_1 } from "node-mailjet";
import { AUTO_SUBMITTED, type EmailSdk, json, mailbox } from "./sdk.ts";

export const mailjet: EmailSdk<"mailjet"> = {
  accepted: json(200, {
    Messages: [
      {
        Status: "success",
        CustomID: "",
        To: [
          {
            Email: "erika@customer.example",
            MessageUUID: "1ab23cd4-e567-8901-2345-6789f0gh1i2j",
            MessageID: 1152921511742440000,
            MessageHref: "https://api.mailjet.com/v3/REST/message/1152921511742440000",
          },
        ],
        Cc: [],
        Bcc: [],
      },
    ],
  }),
  async send(message, options) {
    const address = (text: string) => {
      const { email, name } = mailbox(text);
      return { Email: email, ...(name === undefined ? {} : { Name: name }) };
    };
    const client = new Mailjet.Client({ apiKey: options.apiKey, apiSecret: options.secretKey });
    const { body } = await client.post("send", { version: "v3.1" }).request({
      Messages: [
        {
          From: address(message.from),
          To: [{ Email: message.to }],
          ...(message.replyTo === undefined ? {} : { ReplyTo: address(message.replyTo) }),
          Subject: message.subject,
          TextPart: message.text,
          HTMLPart: message.html,
          Headers: AUTO_SUBMITTED,
          CustomID: message.idempotencyKey,
          TrackOpens: "disabled",
          TrackClicks: "disabled",
        },
      ],
    });
    return (body as unknown as SendEmailV3_1.Response).Messages[0]?.To[0]?.MessageUUID;
  },
};
