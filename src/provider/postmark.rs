//! Postmark: `POST /email`. Facts from Postmark's documentation and SDK (2026).

use super::answer::Meaning::Retry;
use super::{Answer, Auth, Body, Proof, Provider};
use crate::schema::Shape::Token;
use crate::schema::{may, must};

pub(super) const POSTMARK: Provider = Provider {
    name: "postmark",
    options: &[must("serverToken", Token), may("messageStream", Token)],
    origin: "https://api.postmarkapp.com",
    path: "/email",
    auth: Auth::Header("X-Postmark-Server-Token", "$serverToken"),
    body: Body::Json(
        r#"{"From":$from,"To":$to<replyTo,"ReplyTo":$replyTo>,"Subject":$subject,"TextBody":$text,"HtmlBody":$html,"Headers":[{"Name":"Auto-Submitted","Value":"auto-generated"}],"Tag":"authgear-invite"<messageStream,"MessageStream":$messageStream>,"TrackLinks":"None","TrackOpens":false}"#,
    ),
    key_seconds: 0,
    answer: Answer {
        id: "MessageID",
        proof: Proof::Value("ErrorCode", "0"),
        code: "ErrorCode",
        // 100: maintenance.
        special: &[(0, "100", Retry)],
    },
};
