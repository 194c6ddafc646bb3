//! Resend: `POST /emails`. Facts from Resend's OpenAPI file and documentation (2026).

use super::Meaning::{Refused, Retry};
use super::{Answer, Provider};
#[cfg(feature = "schema")]
use crate::schema::Shape::Token;
#[cfg(feature = "schema")]
use crate::schema::must;
use crate::template::Format;

pub(super) const RESEND: Provider = Provider {
    name: "resend",
    #[cfg(feature = "schema")]
    options: &[must("apiKey", Token)],
    url: "https://api.resend.com/emails",
    headers: r#""Authorization":"Bearer {apiKey}","Idempotency-Key":"{key}""#,
    basic: "",
    format: Format::Json,
    body: r#"{"from":"{from}","to":["{to}"]{#replyTo},"reply_to":"{replyTo}"{/replyTo},"subject":"{subject}","text":"{text}","html":"{html}","headers":{"Auto-Submitted":"auto-generated"},"tags":[{"name":"kind","value":"authgear-invite"}]}"#,
    key_seconds: 24 * 3600,
    answer: Answer {
        id: "id",
        proof: ("id", ""),
        code: "name",
        special: &[
            (409, "concurrent_idempotent_requests", Retry),
            (429, "daily_quota_exceeded", Refused),
            (429, "monthly_quota_exceeded", Refused),
        ],
    },
};
