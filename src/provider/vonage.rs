//! Vonage Messages API: `POST /v1/messages`. Facts from Vonage's OpenAPI file and SDK (2026).

use super::{Answer, Auth, Body, Proof, Provider};
use crate::schema::Shape::{Line, Token};
use crate::schema::must;

pub(super) const VONAGE: Provider = Provider {
    name: "vonage",
    options: &[must("apiKey", Token), must("apiSecret", Token), must("from", Line)],
    origin: "https://api.nexmo.com",
    path: "/v1/messages",
    auth: Auth::Basic("$apiKey:$apiSecret"),
    body: Body::Json(
        r#"{"message_type":"text","channel":"sms","to":$digits,"from":$from,"text":$text,"client_ref":$key,"sms":{"encoding_type":"auto"}}"#,
    ),
    key_seconds: 0,
    answer: Answer { id: "message_uuid", proof: Proof::Status, code: "", special: &[] },
};
