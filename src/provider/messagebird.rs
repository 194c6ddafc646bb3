//! MessageBird's own API: `POST /messages`. Facts from MessageBird's OpenAPI file (2022) and SDK.

use super::{Answer, Auth, Body, Proof, Provider};
use crate::schema::Shape::{Line, Token};
use crate::schema::must;

pub(super) const MESSAGEBIRD: Provider = Provider {
    name: "messagebird",
    options: &[must("accessKey", Token), must("from", Line)],
    origin: "https://rest.messagebird.com",
    path: "/messages",
    auth: Auth::Header("Authorization", "AccessKey $accessKey"),
    body: Body::Json(
        r#"{"originator":$from,"recipients":[$digits],"body":$text,"reference":$key,"datacoding":"auto"}"#,
    ),
    key_seconds: 0,
    answer: Answer { id: "id", proof: Proof::Id, code: "errors.0.code", special: &[] },
};
