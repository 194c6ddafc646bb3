//! From a message to the HTTP request of a provider, and from the provider's answer to a verdict.
//!
//! A provider is data: one constant in a file of its own, and one entry in [`EMAIL`] or [`SMS`].

mod answer;
mod bird;
mod brevo;
mod fill;
mod mailgun;
mod mailjet;
mod messagebird;
mod postmark;
mod resend;
mod sendgrid;
mod ses;
mod sparkpost;
mod twilio;
mod vonage;

pub use answer::{Verdict, classify};

use crate::address::base64;
use crate::config::Channel;
use crate::json::Json;
use crate::schema::Shape::{Anything, Endpoint, Mailbox};
use crate::schema::{Field, may, must};
use fill::{Encoding, fill};

/// The e-mail providers.
const EMAIL: &[&Provider] = &[
    &resend::RESEND,
    &sendgrid::SENDGRID,
    &postmark::POSTMARK,
    &mailgun::MAILGUN,
    &brevo::BREVO,
    &mailjet::MAILJET,
    &ses::SES,
    &sparkpost::SPARKPOST,
];

/// The SMS providers.
const SMS: &[&Provider] = &[&twilio::TWILIO, &vonage::VONAGE, &messagebird::MESSAGEBIRD, &bird::BIRD];

/// The provider whose request the user's own function makes.
pub const CUSTOM: &str = "custom";

const EMAIL_FIELDS: &[Field] =
    &[must("provider", Anything), must("from", Mailbox), may("replyTo", Mailbox), may("endpoint", Endpoint)];
const CUSTOM_FIELDS: &[Field] = &[may("request", Anything)];
const SMS_FIELDS: &[Field] = &[must("provider", Anything), may("endpoint", Endpoint)];

/// One provider's API.
///
/// Strings are skeletons: `$name` is replaced by a slot of the message or an option of the sender, encoded for its place,
/// and `<name:…>` stands only where that slot is not empty.
pub(crate) struct Provider {
    name: &'static str,
    options: &'static [Field],
    /// Scheme, host and port.
    origin: fn(&Json) -> String,
    path: &'static str,
    auth: Auth,
    /// Beyond authorization and content type.
    headers: &'static [(&'static str, &'static str)],
    body: Body,
    /// For how many seconds the provider sends nothing twice under one idempotency key; 0 where it takes none.
    key_seconds: u32,
    answer: Answer,
}

enum Auth {
    /// A header whose value is a skeleton.
    Header(&'static str, &'static str),
    /// Basic authentication; of `a|b` the first option that is set.
    Basic(&'static str, &'static str),
    /// AWS Signature Version 4, which the shim makes.
    Aws,
}

enum Body {
    Json(&'static str),
    /// `application/x-www-form-urlencoded`; a field that comes out empty is left out.
    Form(&'static [(&'static str, &'static str)]),
    /// `multipart/form-data`.
    Multipart(&'static [(&'static str, &'static str)]),
}

/// How to read an answer.
struct Answer {
    /// The path of the message id in the body, or `@name` for a response header.
    id: &'static str,
    /// What the body of a 2xx must say, when the status alone proves nothing: a path and its value; an empty value asks
    /// only that there is one.
    proof: Option<(&'static str, &'static str)>,
    /// The path of the error's machine-readable code.
    code: &'static str,
    /// Answers that mean something else than their status says.
    special: &'static [(u16, &'static str, answer::Special)],
}

/// A request, ready for `fetch`. The method is POST.
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "npm", derive(serde::Serialize))]
pub struct Request {
    /// The URL.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

/// What a message and its sender put into the slots.
pub struct Slots<'s> {
    /// Names and texts.
    pub message: &'s [(&'static str, &'s str)],
    /// The sender's part of the configuration.
    pub sender: &'s Json<'s>,
}

impl Slots<'_> {
    /// A slot's text; of `a|b` the first that is not empty.
    fn get(&self, name: &str) -> &str {
        name.split('|').map(|name| self.one(name)).find(|text| !text.is_empty()).unwrap_or("")
    }

    fn one(&self, name: &str) -> &str {
        self.message
            .iter()
            .find(|(slot, _)| *slot == name)
            .map_or_else(|| self.sender.get(name).str(), |(_, text)| text)
    }
}

fn all(channel: Channel) -> &'static [&'static Provider] {
    match channel {
        Channel::Email => EMAIL,
        Channel::Sms => SMS,
    }
}

/// The provider of that name.
pub(crate) fn find(channel: Channel, name: &str) -> Option<&'static Provider> {
    all(channel).iter().copied().find(|provider| provider.name == name)
}

/// The keys of a sender: those that all have, and the provider's own.
pub(crate) fn fields(channel: Channel, name: &str) -> Option<[&'static [Field]; 2]> {
    let common = match channel {
        Channel::Email => EMAIL_FIELDS,
        Channel::Sms => SMS_FIELDS,
    };
    if name == CUSTOM {
        return Some([common, CUSTOM_FIELDS]);
    }
    find(channel, name).map(|provider| [common, provider.options])
}

/// The names of a channel's providers.
pub(crate) fn names(channel: Channel) -> Vec<&'static str> {
    all(channel).iter().map(|provider| provider.name).chain([CUSTOM]).collect()
}

impl Provider {
    /// For how many seconds the idempotency key holds.
    pub(crate) fn key_seconds(&self) -> u32 {
        self.key_seconds
    }

    /// The response header that holds the message id.
    pub(crate) fn id_header(&self) -> Option<&'static str> {
        self.answer.id.strip_prefix('@')
    }

    /// Whether the shim must sign the request.
    pub(crate) fn needs_signature(&self) -> bool {
        matches!(self.auth, Auth::Aws)
    }

    /// The request that sends the message.
    pub(crate) fn request(&self, slots: &Slots) -> Request {
        let endpoint = slots.sender.get("endpoint").str().trim_end_matches('/');
        let mut url = if endpoint.is_empty() { (self.origin)(slots.sender) } else { endpoint.to_owned() };
        fill(&mut url, self.path, Encoding::Percent, slots);
        let (content_type, body) = self.body.write(slots);
        let mut headers = vec![("Content-Type", content_type), ("Accept", "application/json".to_owned())];
        match self.auth {
            Auth::Header(name, value) => headers.push((name, filled(value, slots))),
            Auth::Basic(user, password) => {
                let mut value = String::from("Basic ");
                base64(&mut value, [slots.get(user), ":", slots.get(password)].concat().as_bytes());
                headers.push(("Authorization", value));
            }
            Auth::Aws => {}
        }
        headers.extend(self.headers.iter().map(|(name, value)| (*name, filled(value, slots))));
        Request { url, headers, body }
    }
}

/// An option that stands plainly in a provider's own scheme.
fn filled(skeleton: &str, slots: &Slots) -> String {
    let mut out = String::new();
    fill(&mut out, skeleton, Encoding::Plain, slots);
    out
}

impl Body {
    fn write(&self, slots: &Slots) -> (String, String) {
        let mut body = String::new();
        match self {
            Body::Json(skeleton) => {
                fill(&mut body, skeleton, Encoding::Json, slots);
                ("application/json".to_owned(), body)
            }
            Body::Form(fields) => {
                for (name, value) in filled_fields(fields, slots) {
                    if !body.is_empty() {
                        body.push('&');
                    }
                    body.push_str(name);
                    body.push('=');
                    fill::percent(&mut body, &value);
                }
                ("application/x-www-form-urlencoded".to_owned(), body)
            }
            Body::Multipart(fields) => {
                let fields: Vec<_> = filled_fields(fields, slots).collect();
                let mut boundary = String::from("authgear-invite");
                while fields.iter().any(|(_, value)| value.contains(&boundary)) {
                    boundary.push('-');
                }
                for (name, value) in &fields {
                    for part in ["--", &boundary, "\r\nContent-Disposition: form-data; name=\"", name, "\"\r\n\r\n"] {
                        body.push_str(part);
                    }
                    for line in value.split_inclusive('\n') {
                        body.push_str(line.trim_end_matches(['\r', '\n']));
                        body.push_str(if line.ends_with('\n') { "\r\n" } else { "" });
                    }
                    body.push_str("\r\n");
                }
                for part in ["--", &boundary, "--\r\n"] {
                    body.push_str(part);
                }
                (["multipart/form-data; boundary=", &boundary].concat(), body)
            }
        }
    }
}

fn filled_fields<'s>(
    fields: &'static [(&'static str, &'static str)],
    slots: &'s Slots,
) -> impl Iterator<Item = (&'static str, String)> + 's {
    fields.iter().map(|(name, value)| (*name, filled(value, slots))).filter(|(_, value)| !value.is_empty())
}
