//! MessageBird's own API: `POST /messages`. Facts from MessageBird's OpenAPI file (2022) and SDK.

use super::{Answer, Provider};
#[cfg(feature = "schema")]
use crate::schema::Shape::{SmsSender, Token};
#[cfg(feature = "schema")]
use crate::schema::must;
use crate::template::Format;

pub(super) const MESSAGEBIRD: Provider = Provider {
    name: "messagebird",
    #[cfg(feature = "schema")]
    options: &[must("accessKey", Token), must("from", SmsSender)],
    url: "https://rest.messagebird.com/messages",
    headers: r#""Authorization":"AccessKey {accessKey}""#,
    basic: "",
    format: Format::Json,
    body: r#"{"originator":"{from}","recipients":["{digits}"],"body":"{text}","reference":"{key}","datacoding":"auto"}"#,
    key_seconds: 0,
    answer: Answer { id: "id", proof: ("id", ""), code: "errors.0.code", special: &[] },
};
