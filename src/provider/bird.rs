//! Bird's platform API: `POST /v1/sms/messages`. Facts from Bird's SDK 0.63 and documentation (2026).

use super::answer::Meaning::Retry;
use super::{Answer, Auth, Body, Proof, Provider};
use crate::schema::Shape::{Line, Token};
use crate::schema::must;

pub(super) const BIRD: Provider = Provider {
    name: "bird",
    options: &[must("apiKey", Token), must("from", Line)],
    origin: "https://$birdRegion.platform.bird.com",
    path: "/v1/sms/messages",
    auth: Auth::Keyed("Authorization", "Bearer $apiKey"),
    body: Body::Json(r#"{"to":$to,"from":$from,"text":$text,"category":"transactional"}"#),
    key_seconds: 3 * 3600,
    // E01004: the first request under this key is still being worked on.
    answer: Answer { id: "id", proof: Proof::Status, code: "error.code", special: &[(409, "E01004", Retry)] },
};
