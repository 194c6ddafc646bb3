//! Resend: `POST /emails`. Facts from Resend's OpenAPI file and documentation (2026).

use super::answer::Special::{Refused, Retry};
use super::{Answer, Auth, Body, Provider};
use crate::schema::Shape::Token;
use crate::schema::must;

pub(super) const RESEND: Provider = Provider {
    name: "resend",
    options: &[must("apiKey", Token)],
    origin: |_| "https://api.resend.com".to_owned(),
    path: "/emails",
    auth: Auth::Header("Authorization", "Bearer $apiKey"),
    headers: &[("Idempotency-Key", "$key")],
    body: Body::Json(
        r#"{"from":$from,"to":[$to]<replyTo:,"reply_to":$replyTo>,"subject":$subject,"text":$text,"html":$html,"headers":{"Auto-Submitted":"auto-generated"},"tags":[{"name":"kind","value":"authgear-invite"}]}"#,
    ),
    key_seconds: 24 * 3600,
    answer: Answer {
        id: "id",
        proof: None,
        code: "name",
        special: &[
            (409, "concurrent_idempotent_requests", Retry),
            (429, "daily_quota_exceeded", Refused),
            (429, "monthly_quota_exceeded", Refused),
        ],
    },
};
