//! Bird's platform API: `POST /v1/sms/messages`. Facts from Bird's SDK 0.63 and documentation (2026).

use super::Meaning::Retry;
use super::{Answer, Provider, STATUS};
#[cfg(feature = "schema")]
use crate::schema::Shape::{SmsSender, Token};
#[cfg(feature = "schema")]
use crate::schema::must;
use crate::template::Format;

pub(super) const BIRD: Provider = Provider {
    name: "bird",
    #[cfg(feature = "schema")]
    options: &[must("apiKey", Token), must("from", SmsSender)],
    url: "https://{birdRegion}.platform.bird.com/v1/sms/messages",
    headers: r#""Authorization":"Bearer {apiKey}","Idempotency-Key":"{key}""#,
    basic: "",
    format: Format::Json,
    body: r#"{"to":"{to}","from":"{from}","text":"{text}","category":"transactional"}"#,
    key_seconds: 3 * 3600,
    // E01004: the first request under this key is still being worked on.
    answer: Answer { id: "id", proof: STATUS, code: "error.code", special: &[(409, "E01004", Retry)] },
};
