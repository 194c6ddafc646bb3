//! SparkPost: `POST /api/v1/transmissions`. Facts from SparkPost's documentation (2026). EU accounts set
//! `endpoint: "https://api.eu.sparkpost.com"`.

use super::Meaning::Retry;
use super::{Answer, Provider};
#[cfg(feature = "schema")]
use crate::schema::Shape::Token;
#[cfg(feature = "schema")]
use crate::schema::must;
use crate::template::Format;

pub(super) const SPARKPOST: Provider = Provider {
    name: "sparkpost",
    #[cfg(feature = "schema")]
    options: &[must("apiKey", Token)],
    url: "https://api.sparkpost.com/api/v1/transmissions",
    headers: r#""Authorization":"{apiKey}","Idempotency-Key":"{key}""#,
    basic: "",
    format: Format::Json,
    body: r#"{"options":{"transactional":true,"click_tracking":false,"open_tracking":false,"initial_open":false,"perform_substitutions":false},"campaign_id":"authgear-invite","metadata":{"kind":"authgear-invite"},"recipients":[{"address":{"email":"{to}"}}],"content":{"from":{&fromObject}{#replyTo},"reply_to":"{replyTo}"{/replyTo},"subject":"{subject}","text":"{text}","html":"{html}","headers":{"Auto-Submitted":"auto-generated"}}}"#,
    key_seconds: 24 * 3600,
    answer: Answer {
        id: "results.id",
        // A 200 can carry rejections.
        proof: ("results.total_accepted_recipients", "1"),
        code: "errors.0.code",
        // 1601: the first request under this key is still being worked on.
        special: &[(409, "1601", Retry)],
    },
};
