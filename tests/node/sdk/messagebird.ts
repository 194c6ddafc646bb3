import messagebirdClient from "messagebird";
import { json, type SmsSdk } from "./sdk.ts";

export const messagebird: SmsSdk<"messagebird"> = {
  accepted: json(201, { id: "e8077d803532c0b5937c639b60216938", recipients: { totalSentCount: 1 } }),
  send: (message, options) =>
    new Promise((resolve, reject) => {
      messagebirdClient.initClient(options.accessKey).messages.create(
        {
          originator: options.from,
          recipients: [message.to.slice(1)],
          body: message.text,
          reference: message.idempotencyKey,
          datacoding: "auto",
        },
        (error, answer) => (error ? reject(error) : resolve(answer?.id)),
      );
    }),
};
