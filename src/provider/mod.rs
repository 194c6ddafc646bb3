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

use crate::config::Channel;
use crate::json::{Json, quote};
use crate::schema::Field;
use fill::{Slots, fill, percent};

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

/// One provider's API.
///
/// Strings are skeletons: `$name` stands for a field of the message or an option of the sender, encoded for its place;
/// `<name…>` stands only where that one is not empty.
pub(crate) struct Provider {
    pub(crate) name: &'static str,
    /// The options of a sender beyond those that all have.
    #[cfg_attr(feature = "hook", expect(dead_code, reason = "the paste-in file's shape is checked by its types"))]
    pub(crate) options: &'static [Field],
    /// Scheme, host and port.
    origin: &'static str,
    path: &'static str,
    auth: Auth,
    body: Body,
    /// For how many seconds the provider sends nothing twice under one idempotency key; 0 where it takes none.
    key_seconds: u32,
    answer: Answer,
}

enum Auth {
    /// A header and its value.
    Header(&'static str, &'static str),
    /// The same, with the idempotency key in a header of its own.
    Keyed(&'static str, &'static str),
    /// Basic authentication with `user:password`.
    Basic(&'static str),
    /// AWS Signature Version 4, which the shim makes.
    Aws,
}

enum Body {
    Json(&'static str),
    /// `application/x-www-form-urlencoded`; a field that comes out empty is left out.
    Form(&'static [(&'static str, &'static str)]),
    /// `multipart/form-data`, likewise.
    Multipart(&'static [(&'static str, &'static str)]),
}

/// How to read an answer.
struct Answer {
    /// The path of the message id in the body, or `@name` for a response header.
    id: &'static str,
    /// What the body of a 2xx must say when the status alone proves nothing: a path and its value, or that there is one.
    proof: Proof,
    /// The path of the error's machine-readable code, or `@type` for the header `x-amzn-errortype`.
    code: &'static str,
    /// Statuses (0: any) and codes (empty: any) that mean something else than the status says.
    special: &'static [(u16, &'static str, answer::Meaning)],
}

enum Proof {
    Status,
    Id,
    Value(&'static str, &'static str),
}

/// A message on its way to one sender.
pub struct Outgoing<'m> {
    /// The idempotency key.
    pub key: &'m str,
    /// An e-mail address with an ASCII domain, or a phone number in E.164.
    pub to: &'m str,
    /// Empty for an SMS.
    pub subject: &'m str,
    /// The text of the mail or of the SMS.
    pub text: &'m str,
    /// Empty for an SMS.
    pub html: &'m str,
}

/// The providers of a channel.
pub(crate) fn all(channel: Channel) -> &'static [&'static Provider] {
    match channel {
        Channel::Email => EMAIL,
        Channel::Sms => SMS,
    }
}

/// Appends the members of an `Attempt` (see `ts/core.ts`) beyond `sender`: the provider and the request, or for a custom
/// provider the message's fields.
pub fn write_attempt(out: &mut String, channel: Channel, sender: Json, message: &Outgoing) {
    let name = sender.get("provider").str();
    let slots = Slots::new(channel, sender, message);
    let mut object = Object(out);
    object.text("provider", name);
    let Some(provider) = all(channel).iter().find(|provider| provider.name == name) else {
        object.raw("keySeconds", "0");
        object.raw("message", "{\"idempotencyKey\":");
        quote(out, message.key);
        for field in ["from", "to", "replyTo", "subject", "text", "html"] {
            let text = slots.get(field);
            if !text.is_empty() {
                Object(out).text(field, text);
            }
        }
        out.push('}');
        return;
    };
    object.number("keySeconds", provider.key_seconds as usize);
    if let Some(header) = provider.answer.id.strip_prefix('@') {
        object.text("idHeader", header);
    }
    if matches!(provider.auth, Auth::Aws) {
        object.raw("sign", "{\"service\":\"ses\"");
        Object(out).text("region", sender.get("region").str());
        out.push('}');
    }
    provider.write_request(out, &slots);
}

impl Provider {
    fn write_request(&self, out: &mut String, slots: &Slots) {
        let endpoint = slots.get("endpoint").trim_end_matches('/');
        let origin = fill(self.origin, false, slots);
        let path = fill(self.path, false, slots);
        let mut content_type = "application/json";
        let body = match self.body {
            Body::Json(skeleton) => fill(skeleton, true, slots),
            Body::Form(fields) => {
                content_type = "application/x-www-form-urlencoded";
                form(fields, slots)
            }
            Body::Multipart(fields) => {
                content_type = MULTIPART;
                multipart(fields, slots)
            }
        };
        let mut object = Object(out);
        object.raw("request", "{\"method\":\"POST\"");
        object.text("url", &[if endpoint.is_empty() { &origin } else { endpoint }, &path].concat());
        object.text("body", &body);
        object.raw("headers", "{\"Accept\":\"application/json\"");
        object.text("Content-Type", content_type);
        match self.auth {
            Auth::Header(name, value) | Auth::Keyed(name, value) => object.text(name, &fill(value, false, slots)),
            Auth::Basic(pair) => {
                let mut value = String::from("Basic ");
                crate::address::base64(&mut value, fill(pair, false, slots).as_bytes());
                object.text("Authorization", &value);
            }
            Auth::Aws => {}
        }
        if matches!(self.auth, Auth::Keyed(..)) {
            object.text("Idempotency-Key", slots.get("key"));
        }
        out.push_str("}}");
    }
}

/// Appends members to an object that has one already.
pub struct Object<'o>(pub &'o mut String);

impl Object<'_> {
    /// `,"name":` and JSON text.
    pub fn raw(&mut self, name: &str, json: &str) {
        self.0.push(',');
        quote(self.0, name);
        self.0.push(':');
        self.0.push_str(json);
    }

    /// `,"name":"text"`
    pub fn text(&mut self, name: &str, text: &str) {
        self.raw(name, "");
        quote(self.0, text);
    }

    /// `,"name":7`
    pub fn number(&mut self, name: &str, number: usize) {
        self.raw(name, "");
        crate::json::decimal(self.0, number);
    }
}

fn form(fields: &[(&str, &str)], slots: &Slots) -> String {
    let mut body = String::new();
    for (name, skeleton) in fields {
        let value = fill(skeleton, false, slots);
        if !value.is_empty() {
            if !body.is_empty() {
                body.push('&');
            }
            body.push_str(name);
            body.push('=');
            percent(&mut body, &value);
        }
    }
    body
}

/// Taken out of the values, so that no value can end its own part.
const BOUNDARY: &str = "authgear-invite-7f3a9c51e2d84b06";
const MULTIPART: &str = "multipart/form-data; boundary=authgear-invite-7f3a9c51e2d84b06";

fn multipart(fields: &[(&str, &str)], slots: &Slots) -> String {
    let mut body = String::new();
    for (name, skeleton) in fields {
        let value = fill(skeleton, false, slots).replace(BOUNDARY, "");
        if !value.is_empty() {
            for part in ["--", BOUNDARY, "\r\nContent-Disposition: form-data; name=\"", name, "\"\r\n\r\n"] {
                body.push_str(part);
            }
            // The form standard has CRLF for every line break.
            for (i, line) in value.split('\n').enumerate() {
                body.push_str(if i > 0 { "\r\n" } else { "" });
                body.push_str(line.strip_suffix('\r').unwrap_or(line));
            }
            body.push_str("\r\n");
        }
    }
    [&body, "--", BOUNDARY, "--\r\n"].concat()
}
