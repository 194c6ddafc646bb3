//! Brevo: `POST /v3/smtp/email`. Facts from Brevo's documentation and SDK (2026). Brevo has no switch for link tracking
//! per message.

use super::Meaning::Sent;
use super::{Answer, Provider, STATUS};
#[cfg(feature = "schema")]
use crate::schema::Shape::Token;
#[cfg(feature = "schema")]
use crate::schema::must;
use crate::template::Format;

pub(super) const BREVO: Provider = Provider {
    name: "brevo",
    #[cfg(feature = "schema")]
    options: &[must("apiKey", Token)],
    url: "https://api.brevo.com/v3/smtp/email",
    headers: r#""api-key":"{apiKey}""#,
    basic: "",
    format: Format::Json,
    body: r#"{"sender":{&fromObject},"to":[{"email":"{to}"}]{#replyTo},"replyTo":{&replyToObject}{/replyTo},"subject":"{subject}","textContent":"{text}","htmlContent":"{html}","headers":{"Auto-Submitted":"auto-generated","idempotencyKey":"{uuid}"},"tags":["authgear-invite"]}"#,
    key_seconds: 30 * 60,
    // A repetition under the same key is answered with an error: the message was taken before.
    answer: Answer {
        id: "messageId",
        proof: STATUS,
        code: "code",
        special: &[(400, "duplicate_parameter", Sent), (409, "duplicate_request", Sent)],
    },
};
