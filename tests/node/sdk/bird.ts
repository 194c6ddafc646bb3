import { BirdClient } from "@messagebird/sdk";
import { json, type SmsSdk } from "./sdk.ts";

export const bird: SmsSdk<"bird"> = {
  accepted: json(202, { id: "sms_01jzaaaaaaaaaaaaaaaaaaaaaa", status: "accepted" }),
  async send(message, options) {
    const { id } = await new BirdClient({ apiKey: options.apiKey }).sms.send(
      { to: message.to, from: options.from, text: message.text, category: "transactional" },
      { idempotencyKey: message.idempotencyKey },
    );
    return id;
  },
};
