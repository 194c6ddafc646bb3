import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { AUTO_SUBMITTED, type EmailSdk, json, TAG } from "./sdk.ts";

export const ses: EmailSdk<"ses"> = {
  accepted: json(200, { MessageId: "010001890f2b3c4d-0a1b2c3d-0000-0000-0000-000000000000-000000" }),
  async send(message, options) {
    const { region, accessKeyId, secretAccessKey, sessionToken } = options;
    const client = new SESv2Client({
      region,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    });
    const part = (text: string) => ({ Data: text, Charset: "UTF-8" });
    const result = await client.send(
      new SendEmailCommand({
        FromEmailAddress: message.from,
        Destination: { ToAddresses: [message.to] },
        ReplyToAddresses: message.replyTo === undefined ? undefined : [message.replyTo],
        Content: {
          Simple: {
            Subject: part(message.subject),
            Body: { Text: part(message.text), Html: part(message.html) },
            Headers: Object.entries(AUTO_SUBMITTED).map(([Name, Value]) => ({ Name, Value })),
          },
        },
        EmailTags: [{ Name: "kind", Value: TAG }],
        ConfigurationOverrides: {
          Tracking: { ClickTrackingEnabled: "DISABLED", OpenTrackingEnabled: "DISABLED" },
        },
        ConfigurationSetName: options.configurationSet,
      }),
    );
    return result.MessageId;
  },
};
