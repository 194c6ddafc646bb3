/** How each provider says yes, whether it knows a repetition by its key, and whether it can say no under a 2xx. */
import type { Dialect } from "./faulty.ts";

const json = (status: number, body: unknown) => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

export const resend: Dialect = {
  keyed: true,
  success: json(200, { id: "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794" }),
};

export const sendgrid: Dialect = {
  keyed: false,
  success: { status: 202, headers: { "x-message-id": "14c5d75ce93.dfd.64b469" }, body: "" },
};

export const postmark: Dialect = {
  keyed: false,
  success: json(200, {
    To: "",
    SubmittedAt: "2026-09-01T08:30:01Z",
    MessageID: "b7bc2f4a",
    ErrorCode: 0,
    Message: "OK",
  }),
  failure: json(200, { ErrorCode: 406, Message: "You tried to send to a recipient that has been marked as inactive." }),
};

export const mailgun: Dialect = {
  keyed: false,
  success: json(200, { id: "<20260901083001.1.ABC@mg.acme.example>", message: "Queued. Thank you." }),
};

export const brevo: Dialect = {
  keyed: true,
  success: json(201, { messageId: "<202609010830.1@smtp-relay.mailin.fr>" }),
  keyOf: (body) => JSON.parse(body).headers.idempotencyKey,
  repeated: json(400, { code: "duplicate_parameter", message: "" }),
};

export const mailjet: Dialect = {
  keyed: false,
  success: json(200, {
    Messages: [{ Status: "success", To: [{ MessageUUID: "1ab23cd4-e567-8901-2345-6789f0gh1i2j" }] }],
  }),
  failure: json(200, { Messages: [{ Status: "error", Errors: [{ ErrorCode: "send-0003", StatusCode: 400 }] }] }),
};

export const ses: Dialect = {
  keyed: false,
  success: json(200, { MessageId: "010001890f2b3c4d-0a1b2c3d-000000" }),
};

export const sparkpost: Dialect = {
  keyed: true,
  success: json(200, {
    results: { total_rejected_recipients: 0, total_accepted_recipients: 1, id: "11668787484950529" },
  }),
  failure: json(200, { results: { total_rejected_recipients: 1, total_accepted_recipients: 0, id: "1" } }),
};

export const twilio: Dialect = {
  keyed: false,
  success: json(201, { sid: "SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", status: "queued", error_code: null }),
};

export const vonage: Dialect = {
  keyed: false,
  success: json(202, { message_uuid: "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab" }),
};

export const messagebird: Dialect = {
  keyed: false,
  success: json(201, { id: "e8077d803532c0b5937c639b60216938", recipients: { totalSentCount: 1 } }),
};

export const bird: Dialect = {
  keyed: true,
  success: json(202, { id: "sms_01jzaaaaaaaaaaaaaaaaaaaaaa", status: "accepted" }),
};
