//! Mailgun: `POST /v3/DOMAIN/messages`. Facts from Mailgun's documentation and SDK (2024 to 2026).

use super::{Answer, BASIC, Provider};
#[cfg(feature = "schema")]
use crate::schema::Shape::{Choice, Domain, Token};
#[cfg(feature = "schema")]
use crate::schema::{may, must};
use crate::template::Format;

pub(super) const MAILGUN: Provider = Provider {
    name: "mailgun",
    #[cfg(feature = "schema")]
    options: &[must("apiKey", Token), must("domain", Domain), may("region", Choice(&["us", "eu"]))],
    url: "https://api{#eu}.eu{/eu}.mailgun.net/v3/{domain}/messages",
    headers: BASIC,
    basic: "api:{apiKey}",
    format: Format::Form,
    body: "from={from}&to={to}&subject={subject}&text={text}&html={html}{#replyTo}&h%3AReply-To={replyTo}{/replyTo}&h%3AAuto-Submitted=auto-generated&o%3Atag=authgear-invite&o%3Atracking=no&o%3Atracking-clicks=no&o%3Atracking-opens=no",
    key_seconds: 0,
    // A wrong path answers 200 without an id.
    answer: Answer { id: "id", proof: ("id", ""), code: "", special: &[] },
};
