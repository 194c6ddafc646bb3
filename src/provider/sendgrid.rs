//! SendGrid: `POST /v3/mail/send`. Facts from Twilio's OpenAPI file for SendGrid (2026).

use super::{Answer, Auth, Body, Proof, Provider};
use crate::schema::Shape::Token;
use crate::schema::must;

pub(super) const SENDGRID: Provider = Provider {
    name: "sendgrid",
    options: &[must("apiKey", Token)],
    origin: "https://api.sendgrid.com",
    path: "/v3/mail/send",
    auth: Auth::Header("Authorization", "Bearer $apiKey"),
    body: Body::Json(
        r#"{"personalizations":[{"to":[{"email":$to}]}],"from":{"email":$fromEmail<fromName,"name":$fromName>}<replyTo,"reply_to":{"email":$replyToEmail<replyToName,"name":$replyToName>}>,"subject":$subject,"content":[{"type":"text/plain","value":$text},{"type":"text/html","value":$html}],"headers":{"Auto-Submitted":"auto-generated"},"categories":["authgear-invite"],"tracking_settings":{"click_tracking":{"enable":false,"enable_text":false},"open_tracking":{"enable":false},"subscription_tracking":{"enable":false},"ganalytics":{"enable":false}}}"#,
    ),
    key_seconds: 0,
    answer: Answer { id: "@x-message-id", proof: Proof::Status, code: "errors.0.field", special: &[] },
};
