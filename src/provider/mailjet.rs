//! Mailjet: `POST /v3.1/send`. Facts from Mailjet's documentation and SDK (2023 to 2026).

use super::{Answer, BASIC, Provider};
#[cfg(feature = "schema")]
use crate::schema::Shape::Token;
#[cfg(feature = "schema")]
use crate::schema::must;
use crate::template::Format;

pub(super) const MAILJET: Provider = Provider {
    name: "mailjet",
    #[cfg(feature = "schema")]
    options: &[must("apiKey", Token), must("secretKey", Token)],
    url: "https://api.mailjet.com/v3.1/send",
    headers: BASIC,
    basic: "{apiKey}:{secretKey}",
    format: Format::Json,
    body: r#"{"Messages":[{"From":{"Email":"{fromEmail}"{#fromName},"Name":"{fromName}"{/fromName}},"To":[{"Email":"{to}"}]{#replyTo},"ReplyTo":{"Email":"{replyToEmail}"{#replyToName},"Name":"{replyToName}"{/replyToName}}{/replyTo},"Subject":"{subject}","TextPart":"{text}","HTMLPart":"{html}","Headers":{"Auto-Submitted":"auto-generated"},"CustomID":"{key}","TrackClicks":"disabled","TrackOpens":"disabled"}]}"#,
    key_seconds: 0,
    // Each message has a status of its own, also under 200. MessageID exceeds what JSON numbers hold in JavaScript.
    answer: Answer {
        id: "Messages.0.To.0.MessageUUID",
        proof: ("Messages.0.Status", "success"),
        code: "Messages.0.Errors.0.ErrorCode",
        special: &[],
    },
};
