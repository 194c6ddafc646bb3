//! SendGrid: `POST /v3/mail/send`. Facts from Twilio's OpenAPI file for SendGrid (2026).

use super::{Answer, Provider, STATUS};
#[cfg(feature = "schema")]
use crate::schema::Shape::Token;
#[cfg(feature = "schema")]
use crate::schema::must;
use crate::template::Format;

pub(super) const SENDGRID: Provider = Provider {
    name: "sendgrid",
    #[cfg(feature = "schema")]
    options: &[must("apiKey", Token)],
    url: "https://api.sendgrid.com/v3/mail/send",
    headers: r#""Authorization":"Bearer {apiKey}""#,
    basic: "",
    format: Format::Json,
    body: r#"{"personalizations":[{"to":[{"email":"{to}"}]}],"from":{&fromObject}{#replyTo},"reply_to":{&replyToObject}{/replyTo},"subject":"{subject}","content":[{"type":"text/plain","value":"{text}"},{"type":"text/html","value":"{html}"}],"headers":{"Auto-Submitted":"auto-generated"},"categories":["authgear-invite"],"tracking_settings":{"click_tracking":{"enable":false,"enable_text":false},"open_tracking":{"enable":false},"subscription_tracking":{"enable":false},"ganalytics":{"enable":false}}}"#,
    key_seconds: 0,
    answer: Answer { id: "@x-message-id", proof: STATUS, code: "errors.0.field", special: &[] },
};
