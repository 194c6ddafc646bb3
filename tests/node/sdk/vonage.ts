import { Auth } from "@vonage/auth";
import { Messages, SMS } from "@vonage/messages";
import { json, type SmsSdk } from "./sdk.ts";

export const vonage: SmsSdk<"vonage"> = {
  accepted: json(202, { message_uuid: "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab" }),
  async send(message, options) {
    const client = new Messages(new Auth({ apiKey: options.apiKey, apiSecret: options.apiSecret }));
    const result = await client.send(
      new SMS({
        to: message.to.slice(1),
        from: options.from,
        channel: "sms",
        messageType: "text",
        text: message.text,
        clientRef: message.idempotencyKey,
        sms: { encodingType: "auto" },
      }),
    );
    return result.messageUUID;
  },
};
