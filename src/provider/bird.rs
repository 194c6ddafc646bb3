//! Bird's platform API: `POST /v1/sms/messages`. Facts from Bird's SDK 0.63 and documentation (2026).

use super::answer::Special::Retry;
use super::{Answer, Auth, Body, Provider};
use crate::schema::Shape::{Line, Token};
use crate::schema::must;

pub(super) const BIRD: Provider = Provider {
    name: "bird",
    options: &[must("apiKey", Token), must("from", Line)],
    // The key names its region: bk_eu1_…
    origin: |sender| {
        let region = sender.get("apiKey").str().strip_prefix("bk_").and_then(|rest| rest.split('_').next());
        let region = region.filter(|region| region.bytes().all(|b| b.is_ascii_alphanumeric())).unwrap_or("us1");
        ["https://", region, ".platform.bird.com"].concat()
    },
    path: "/v1/sms/messages",
    auth: Auth::Header("Authorization", "Bearer $apiKey"),
    headers: &[("Idempotency-Key", "$key")],
    body: Body::Json(r#"{"to":$to,"from":$from,"text":$text,"category":"transactional"}"#),
    key_seconds: 3 * 3600,
    // E01004: the first request under this key is still being worked on.
    answer: Answer { id: "id", proof: None, code: "error.code", special: &[(409, "E01004", Retry)] },
};
