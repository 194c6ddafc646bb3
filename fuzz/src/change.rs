//! Changes to a JSON tree, so that no input is wasted on text that is no JSON.

use crate::support::{pointers, with, without};
use arbitrary::Arbitrary;
use serde_json::{Value, json};

/// One change: at which of the tree's places, and what stands there afterwards.
#[derive(Arbitrary, Debug)]
pub struct Change<'a> {
    place: u16,
    new: New<'a>,
}

#[derive(Arbitrary, Debug)]
enum New<'a> {
    Nothing,
    Null,
    Flag(bool),
    Number(i64),
    Real(f64),
    Text(&'a str),
    Known(u8),
    List(Vec<New<'a>>),
    Members(Vec<(&'a str, New<'a>)>),
    KnownMembers(Vec<(u8, New<'a>)>),
    /// Another part of the tree.
    Part(u16),
}

/// Words that the core looks for.
const KNOWN: &[&str] = &[
    "user.created",
    "user.profile.updated",
    "authentication.pre_initialize",
    "admin_api",
    "portal",
    "site_admin",
    "user",
    "login_id",
    "oauth",
    "anonymous",
    "email",
    "phone",
    "username",
    "phone_number",
    "preferred_username",
    "resend",
    "sendgrid",
    "postmark",
    "mailgun",
    "brevo",
    "mailjet",
    "ses",
    "sparkpost",
    "twilio",
    "vonage",
    "messagebird",
    "bird",
    "custom",
    "en",
    "zh-Hant",
    "zh_HK",
    "ar",
    "invite",
    "unreachable",
    "subject",
    "text",
    "html",
    "sms",
    "button",
    "{name}",
    "{#custom}{team}{/custom}",
    "{{name}}",
    "{ }",
    "{{ }}",
    "code",
    "password",
    "proxy",
    "admin_api_direct",
    "https://accounts.acme.example",
    "http://localhost:8025/",
    "Acme <no-reply@acme.example>",
    "ada@bücher.example",
    "+85251234567",
    "2027-01-01T00:00:00Z",
    "2026-09-01T08:30:00.5+05:30",
    "id",
    "type",
    "from",
    "provider",
    "apiKey",
    "when",
    "on",
    "locale",
    "message",
    "allow",
    "deny",
    "email_verified",
    "name",
    "given_name",
    "family_name",
    "customAttributes",
    "standardAttributes",
    "endpoint",
    "replyTo",
    "region",
    "vars",
    "delimiters",
    "strictNames",
    "oauthEmail",
    "signIn",
    "channels",
    "secrets",
    "webhook",
    "disabled",
];

fn known(at: u8) -> &'static str {
    KNOWN[usize::from(at) % KNOWN.len()]
}

impl New<'_> {
    fn value(&self, tree: &Value) -> Value {
        match self {
            New::Nothing | New::Null => Value::Null,
            New::Flag(flag) => json!(flag),
            New::Number(number) => json!(number),
            New::Real(number) => json!(number),
            New::Text(text) => json!(text),
            New::Known(at) => json!(known(*at)),
            New::List(items) => items.iter().map(|item| item.value(tree)).collect(),
            New::Members(members) => members.iter().map(|(name, new)| ((*name).to_owned(), new.value(tree))).collect(),
            New::KnownMembers(members) => {
                members.iter().map(|(name, new)| (known(*name).to_owned(), new.value(tree))).collect()
            }
            New::Part(place) => {
                part(tree, *place).and_then(|pointer| tree.pointer(&pointer)).cloned().unwrap_or_default()
            }
        }
    }
}

fn part(tree: &Value, place: u16) -> Option<String> {
    let mut all = pointers(tree);
    (!all.is_empty()).then(|| all.swap_remove(usize::from(place) % all.len()))
}

/// More than these would only make a tree that has nothing left of what the core looks for.
const MOST: usize = 8;

/// Makes the first of the changes.
pub fn apply(mut tree: Value, changes: &[Change]) -> Value {
    for change in changes.iter().take(MOST) {
        let Some(pointer) = part(&tree, change.place) else { break };
        tree = match &change.new {
            New::Nothing => without(tree, &pointer),
            new => {
                let value = new.value(&tree);
                with(tree, &[(&pointer, value)])
            }
        };
    }
    tree
}
