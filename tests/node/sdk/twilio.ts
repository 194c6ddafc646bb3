import twilioClient from "twilio";
import { json, type SmsSdk } from "./sdk.ts";

export const twilio: SmsSdk<"twilio"> = {
  accepted: json(201, { sid: "SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", status: "queued", error_code: null }),
  async send(message, options) {
    const { accountSid } = options;
    const client =
      "authToken" in options
        ? twilioClient(accountSid, options.authToken)
        : twilioClient(options.apiKeySid, options.apiKeySecret, { accountSid });
    const sender = "from" in options ? { from: options.from } : { messagingServiceSid: options.messagingServiceSid };
    return (await client.messages.create({ to: message.to, ...sender, body: message.text })).sid;
  },
};
