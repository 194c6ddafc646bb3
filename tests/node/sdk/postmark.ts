import { Header, type Message, Models, ServerClient } from "postmark";
import { AUTO_SUBMITTED, type EmailSdk, json, TAG } from "./sdk.ts";

export const postmark: EmailSdk<"postmark"> = {
  accepted: json(200, {
    To: "erika@customer.example",
    SubmittedAt: "2026-08-01T10:00:00Z",
    MessageID: "0a129aee-e1cd-480d-b08d-4f48548ff48d",
    ErrorCode: 0,
    Message: "OK",
  }),
  async send(message, options) {
    const email: Message = {
      From: message.from,
      To: message.to,
      Subject: message.subject,
      TextBody: message.text,
      HtmlBody: message.html,
      Headers: Object.entries(AUTO_SUBMITTED).map(([name, value]) => new Header(name, value)),
      Tag: TAG,
      TrackOpens: false,
      TrackLinks: Models.LinkTrackingOptions.None,
    };
    if (message.replyTo !== undefined) email.ReplyTo = message.replyTo;
    if (options.messageStream !== undefined) email.MessageStream = options.messageStream;
    return (await new ServerClient(options.serverToken).sendEmail(email)).MessageID;
  },
};
