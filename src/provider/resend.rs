//! Resend: `POST /emails`. Facts from Resend's OpenAPI file and documentation (2026).

use super::answer::Meaning::{Refused, Retry};
use super::{Answer, Auth, Body, Proof, Provider};
use crate::schema::Shape::Token;
use crate::schema::must;

pub(super) const RESEND: Provider = Provider {
    name: "resend",
    options: &[must("apiKey", Token)],
    origin: "https://api.resend.com",
    path: "/emails",
    auth: Auth::Keyed("Authorization", "Bearer $apiKey"),
    body: Body::Json(
        r#"{"from":$from,"to":[$to]<replyTo,"reply_to":$replyTo>,"subject":$subject,"text":$text,"html":$html,"headers":{"Auto-Submitted":"auto-generated"},"tags":[{"name":"kind","value":"authgear-invite"}]}"#,
    ),
    key_seconds: 24 * 3600,
    answer: Answer {
        id: "id",
        proof: Proof::Id,
        code: "name",
        special: &[
            (409, "concurrent_idempotent_requests", Retry),
            (429, "daily_quota_exceeded", Refused),
            (429, "monthly_quota_exceeded", Refused),
        ],
    },
};
