//! Brevo: `POST /v3/smtp/email`. Facts from Brevo's documentation and SDK (2026). Brevo has no switch for link tracking
//! per message.

use super::answer::Meaning::Sent;
use super::{Answer, Auth, Body, Proof, Provider};
use crate::schema::Shape::Token;
use crate::schema::must;

pub(super) const BREVO: Provider = Provider {
    name: "brevo",
    options: &[must("apiKey", Token)],
    origin: "https://api.brevo.com",
    path: "/v3/smtp/email",
    auth: Auth::Header("api-key", "$apiKey"),
    body: Body::Json(
        r#"{"sender":{"email":$fromEmail<fromName,"name":$fromName>},"to":[{"email":$to}]<replyTo,"replyTo":{"email":$replyToEmail<replyToName,"name":$replyToName>}>,"subject":$subject,"textContent":$text,"htmlContent":$html,"headers":{"Auto-Submitted":"auto-generated","idempotencyKey":$uuid},"tags":["authgear-invite"]}"#,
    ),
    key_seconds: 30 * 60,
    // A repetition under the same key is answered with an error: the message was taken before.
    answer: Answer {
        id: "messageId",
        proof: Proof::Status,
        code: "code",
        special: &[(400, "duplicate_parameter", Sent), (409, "duplicate_request", Sent)],
    },
};
