import SparkPost from "sparkpost";
import { AUTO_SUBMITTED, type EmailSdk, json, mailbox, TAG } from "./sdk.ts";

export const sparkpost: EmailSdk<"sparkpost"> = {
  accepted: json(200, {
    results: { total_rejected_recipients: 0, total_accepted_recipients: 1, id: "11668787484950529" },
  }),
  async send(message, options) {
    // The SDK has no option for a header of one request, so the key is a header of the client.
    const client = new SparkPost(options.apiKey, { headers: { "Idempotency-Key": message.idempotencyKey } });
    const { results } = await client.transmissions.send({
      options: {
        transactional: true,
        click_tracking: false,
        open_tracking: false,
        initial_open: false,
        perform_substitutions: false,
      },
      campaign_id: TAG,
      metadata: { kind: TAG },
      recipients: [{ address: { email: message.to } }],
      content: {
        from: mailbox(message.from),
        ...(message.replyTo === undefined ? {} : { reply_to: message.replyTo }),
        subject: message.subject,
        text: message.text,
        html: message.html,
        headers: AUTO_SUBMITTED,
      },
    });
    return results.id;
  },
};
