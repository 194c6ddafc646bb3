//! Mailgun: `POST /v3/DOMAIN/messages`. Facts from Mailgun's documentation and SDK (2024 to 2026).

use super::answer::Special::Unknown;
use super::{Answer, Auth, Body, Provider};
use crate::schema::Shape::{Choice, Domain, Token};
use crate::schema::{may, must};

pub(super) const MAILGUN: Provider = Provider {
    name: "mailgun",
    options: &[must("apiKey", Token), must("domain", Domain), may("region", Choice(&["us", "eu"]))],
    origin: |sender| {
        let eu = sender.get("region").str() == "eu";
        if eu { "https://api.eu.mailgun.net" } else { "https://api.mailgun.net" }.to_owned()
    },
    path: "/v3/$domain/messages",
    auth: Auth::Basic("api", "apiKey"),
    headers: &[],
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
    // A wrong path answers 200 without an id; deliveries despite a 5xx have been reported.
    answer: Answer { id: "id", proof: Some(("id", "")), code: "", special: &[(500, "", Unknown)] },
};
