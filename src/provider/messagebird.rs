//! MessageBird's own API: `POST /messages`. Facts from MessageBird's OpenAPI file (2022) and SDK.

use super::{Answer, Auth, Body, Provider};
use crate::schema::Shape::{Line, Token};
use crate::schema::must;

pub(super) const MESSAGEBIRD: Provider = Provider {
    name: "messagebird",
    options: &[must("accessKey", Token), must("from", Line)],
    origin: |_| "https://rest.messagebird.com".to_owned(),
    path: "/messages",
    auth: Auth::Header("Authorization", "AccessKey $accessKey"),
    headers: &[],
    body: Body::Json(
        r#"{"originator":$from,"recipients":[$digits],"body":$text,"reference":$key,"datacoding":"auto"}"#,
    ),
    key_seconds: 0,
    answer: Answer { id: "id", proof: Some(("id", "")), code: "errors.0.code", special: &[] },
};
