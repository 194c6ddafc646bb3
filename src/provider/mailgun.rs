//! Mailgun: `POST /v3/DOMAIN/messages`. Facts from Mailgun's documentation and SDK (2024 to 2026).

use super::{Answer, Auth, Body, Proof, Provider};
use crate::schema::Shape::{Choice, Domain, Token};
use crate::schema::{may, must};

pub(super) const MAILGUN: Provider = Provider {
    name: "mailgun",
    options: &[must("apiKey", Token), must("domain", Domain), may("region", Choice(&["us", "eu"]))],
    origin: "https://api$eu.mailgun.net",
    path: "/v3/$domain/messages",
    auth: Auth::Basic("api:$apiKey"),
    body: Body::Multipart(&[
        ("from", "$from"),
        ("to", "$to"),
        ("subject", "$subject"),
        ("text", "$text"),
        ("html", "$html"),
        ("h:Reply-To", "$replyTo"),
        ("h:Auto-Submitted", "auto-generated"),
        ("o:tag", "authgear-invite"),
        ("o:tracking", "no"),
        ("o:tracking-clicks", "no"),
        ("o:tracking-opens", "no"),
    ]),
    key_seconds: 0,
    // A wrong path answers 200 without an id.
    answer: Answer { id: "id", proof: Proof::Id, code: "", special: &[] },
};
