//! From a message to the HTTP request of a provider, and from the provider's answer to a verdict.
//!
//! A provider is data: one constant in a file of its own, and one entry in [`EMAIL`] or [`SMS`].

mod answer;
mod bird;
mod brevo;
mod mailgun;
mod mailjet;
mod messagebird;
mod postmark;
mod resend;
mod sendgrid;
mod ses;
mod slots;
mod sparkpost;
mod twilio;
mod vonage;

pub use answer::{Meaning, classify};

use crate::address::base64;
use crate::arena::Arena;
use crate::config::Channel;
use crate::json::{Json, Member, after, append, byte, decimal, escape, find as find_text, quote, slice};
use crate::message::Content;
#[cfg(feature = "schema")]
use crate::schema::Field;
use crate::template::{Format, SINGLE, Template};
use crate::values::put;

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

/// One provider's API. URL, headers and body are templates over the message's fields and the sender's options.
pub(crate) struct Provider {
    pub(crate) name: &'static str,
    /// The options of a sender beyond those that all have.
    #[cfg(feature = "schema")]
    pub(crate) options: &'static [Field],
    /// A sender's `endpoint` replaces scheme, host and port.
    url: &'static str,
    /// Members of a JSON object, beyond `Accept` and `Content-Type`.
    headers: &'static str,
    /// `user:password` of basic authentication; `{basic}` in the headers.
    basic: &'static str,
    /// JSON or a form.
    format: Format,
    body: &'static str,
    /// For how many seconds the provider sends nothing twice under one idempotency key; 0 where it takes none.
    key_seconds: usize,
    answer: Answer,
}

/// The header of basic authentication.
const BASIC: &str = r#""Authorization":"Basic {basic}""#;

/// How to read an answer.
struct Answer {
    /// The path of the message id in the body, or `@name` for a response header.
    id: &'static str,
    proof: Proof,
    /// The path of the error's machine-readable code, or `@type` for the header `x-amzn-errortype`.
    code: &'static str,
    /// Statuses (0: any) and codes that mean something else than the status says.
    special: &'static [(u16, &'static str, Meaning)],
}

/// What shows that a 2xx means the message was taken: the path of a value in the body, and the value; any will do when
/// that is empty, and without a path the status itself.
type Proof = (&'static str, &'static str);

/// No more proof than the status.
const STATUS: Proof = ("", "");

/// A message on its way to one sender.
pub struct Outgoing<'m> {
    /// The idempotency key.
    pub key: &'m str,
    /// An e-mail address with an ASCII domain, or a phone number in E.164.
    pub to: &'m str,
    /// The message itself.
    pub content: Content<'m>,
}

/// The providers of a channel.
#[cfg(feature = "schema")]
pub(crate) fn all(channel: Channel) -> &'static [&'static Provider] {
    match channel {
        Channel::Email => EMAIL,
        Channel::Sms => SMS,
    }
}

/// The provider of this name; `None` for `custom`.
fn find(name: &str) -> Option<&'static Provider> {
    for providers in &[EMAIL, SMS] {
        for provider in *providers {
            if provider.name == name {
                return Some(provider);
            }
        }
    }
    None
}

/// Appends the members of an `Attempt` (see `ts/core.ts`) beyond `sender`: the provider and the request, or for a custom
/// provider the message's fields. Returns the request's body, which is one line: all forms of it escape line breaks.
pub fn write_attempt<'m>(
    out: &mut String,
    channel: Channel,
    sender: &Json<'m>,
    message: &Outgoing<'m>,
    arena: &'m Arena,
) -> &'m str {
    let mut slots = slots::slots(channel, sender, message, arena);
    let name = sender.text("provider");
    member(out, "provider", name);
    out.push_str(",\"keySeconds\":");
    let Some(provider) = find(name) else {
        let fields = Json::Object(&slots);
        out.push_str("0,\"message\":{\"idempotencyKey\":");
        quote(out, message.key);
        for field in &["from", "to", "replyTo", "subject", "text", "html"] {
            let text = fields.text(field);
            if !text.is_empty() {
                member(out, field, text);
            }
        }
        out.push('}');
        return "";
    };
    decimal(out, provider.key_seconds);
    if byte(provider.answer.id, 0) == b'@' {
        member(out, "idHeader", after(provider.answer.id, 1));
    }
    if provider.headers.is_empty() {
        out.push_str(",\"sign\":{\"service\":\"ses\"");
        member(out, "region", sender.text("region"));
        out.push('}');
    }
    let fill = |source, format, slots: &[Member]| {
        // The providers' own templates are sound (a test runs each), so there is no error to report.
        let template = Template { source, delimiters: SINGLE, format, names: None };
        arena.text(template.render_over(sender, &Json::Object(slots)).unwrap_or_default())
    };
    let mut basic = String::new();
    base64(&mut basic, fill(provider.basic, Format::Text, &slots).as_bytes());
    put(&mut slots, "basic", arena.text(basic));
    let url = fill(provider.url, Format::Text, &slots);
    let path = find_text(url, "/", "https://".len());
    let mut origin = sender.text("endpoint");
    while byte(origin, origin.len().wrapping_sub(1)) == b'/' {
        origin = slice(origin, 0, origin.len() - 1);
    }
    if origin.is_empty() {
        origin = slice(url, 0, path);
    }
    out.push_str(",\"request\":{\"method\":\"POST\",\"url\":\"");
    escape(out, origin);
    escape(out, after(url, path));
    out.push('"');
    let json = provider.format == Format::Json;
    out.push_str(",\"headers\":{\"Accept\":\"application/json\"");
    member(out, "Content-Type", if json { "application/json" } else { "application/x-www-form-urlencoded" });
    if !provider.headers.is_empty() {
        out.push(',');
        out.push_str(fill(provider.headers, Format::Json, &slots));
    }
    out.push_str("}}");
    fill(provider.body, provider.format, &slots)
}

/// Appends `,"name":"text"`.
pub fn member(out: &mut String, name: &str, text: &str) {
    append(out, &[",\"", name, "\":"]);
    quote(out, text);
}
