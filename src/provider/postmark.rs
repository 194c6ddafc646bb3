//! Postmark: `POST /email`. Facts from Postmark's documentation and SDK (2026).

use super::Meaning::Retry;
use super::{Answer, Provider};
#[cfg(feature = "schema")]
use crate::schema::Shape::Token;
#[cfg(feature = "schema")]
use crate::schema::{may, must};
use crate::template::Format;

pub(super) const POSTMARK: Provider = Provider {
    name: "postmark",
    #[cfg(feature = "schema")]
    options: &[must("serverToken", Token), may("messageStream", Token)],
    url: "https://api.postmarkapp.com/email",
    headers: r#""X-Postmark-Server-Token":"{serverToken}""#,
    basic: "",
    format: Format::Json,
    body: r#"{"From":"{from}","To":"{to}"{#replyTo},"ReplyTo":"{replyTo}"{/replyTo},"Subject":"{subject}","TextBody":"{text}","HtmlBody":"{html}","Headers":[{"Name":"Auto-Submitted","Value":"auto-generated"}],"Tag":"authgear-invite"{#messageStream},"MessageStream":"{messageStream}"{/messageStream},"TrackLinks":"None","TrackOpens":false}"#,
    key_seconds: 0,
    answer: Answer {
        id: "MessageID",
        proof: ("ErrorCode", "0"),
        code: "ErrorCode",
        // 100: maintenance.
        special: &[(0, "100", Retry)],
    },
};
