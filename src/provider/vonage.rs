//! Vonage Messages API: `POST /v1/messages`. Facts from Vonage's OpenAPI file and SDK (2026).

use super::{Answer, BASIC, Provider, STATUS};
#[cfg(feature = "schema")]
use crate::schema::Shape::{SmsSender, Token};
#[cfg(feature = "schema")]
use crate::schema::must;
use crate::template::Format;

pub(super) const VONAGE: Provider = Provider {
    name: "vonage",
    #[cfg(feature = "schema")]
    options: &[must("apiKey", Token), must("apiSecret", Token), must("from", SmsSender)],
    url: "https://api.nexmo.com/v1/messages",
    headers: BASIC,
    basic: "{apiKey}:{apiSecret}",
    format: Format::Json,
    body: r#"{"message_type":"text","channel":"sms","to":"{digits}","from":"{from}","text":"{text}","client_ref":"{key}","sms":{"encoding_type":"auto"}}"#,
    key_seconds: 0,
    answer: Answer { id: "message_uuid", proof: STATUS, code: "", special: &[] },
};
