//! The decision: what an event leads to under a configuration. Pure: the same input gives the same output.

use crate::address::Mailbox;
use crate::config::{Channel, Config, Rule, UNREACHABLE};
use crate::event::Event;
use crate::filter::{Skip, find_rule};
use crate::json::{Json, decimal, hex, quote};
use crate::locale::lookup;
use crate::message::{self, Content};
use crate::provider::{self, CUSTOM, Request, Slots};
use crate::recipient::{self, Recipient, Unreachable};
use crate::schema::Problems;
use crate::sms;

/// What to do about an event.
#[derive(Debug, PartialEq)]
pub enum Decision {
    /// Nothing, and why.
    Skip(Skip),
    /// The configuration is wrong: every problem with its path.
    Invalid(Vec<String>),
    /// Send this.
    Send(Send),
}

/// A message to send.
#[derive(Debug, PartialEq)]
pub struct Send {
    /// The rule's index, from zero.
    pub rule: usize,
    /// The message's name.
    pub message: String,
    /// How it travels.
    pub channel: Channel,
    /// Whether it goes to the admin, because nothing reaches the user.
    pub to_admin: bool,
    /// The locale of the text.
    pub locale: String,
    /// Who chose it: `user`, `rule`, `event` or `default`.
    pub locale_from: &'static str,
    /// The idempotency key, made from event, rule and channel; letters, digits, `.`, `_` and `-`.
    pub key: String,
    /// What the admin should know.
    pub warnings: Vec<String>,
    /// One for each sender, in order.
    pub attempts: Vec<Attempt>,
}

/// The message as one sender takes it.
#[derive(Debug, PartialEq)]
pub struct Attempt {
    /// The provider's name.
    pub provider: String,
    /// The sender's index in its channel's list.
    pub sender: usize,
    /// The request; for a custom provider the message's fields instead.
    pub content: Payload,
    /// For how many seconds the provider honours the idempotency key; 0: not at all.
    pub key_seconds: u32,
    /// The response header that holds the message id.
    pub id_header: Option<&'static str>,
    /// The AWS region that the request must be signed for (SigV4, service `ses`).
    pub sign_region: Option<String>,
}

/// What an attempt carries.
#[derive(Debug, PartialEq)]
pub enum Payload {
    /// The request of a known provider.
    Request(Request),
    /// The fields for the user's own function.
    Message(Vec<(&'static str, String)>),
}

/// Decides on an event.
pub fn decide(event: &Json, config: &Json, built_in: &Json) -> Decision {
    let config = Config::new(config, built_in);
    let mut problems = config.check();
    if !problems.list.is_empty() {
        message::check(&config, &mut problems);
        return Decision::Invalid(problems.list);
    }
    let Some(event) = Event::read(event) else {
        return Decision::Skip(Skip::new("not_an_event", &["the input has no event type"]));
    };
    let rule = match find_rule(&event, &config) {
        Ok(rule) => rule,
        Err(skip) => return Decision::Skip(skip),
    };
    message::check(&config, &mut problems);
    if !problems.list.is_empty() {
        return Decision::Invalid(problems.list);
    }
    let sent = match recipient::find(&event, &config) {
        Ok(recipient) => invite(&event, &config, rule, &recipient),
        Err(why) => match config.unreachable() {
            Some(admin) => tell_admin(&event, &config, rule, admin),
            None => return Decision::Skip(unreachable(rule, &why)),
        },
    };
    match sent {
        Ok(send) => Decision::Send(send),
        Err(problems) => Decision::Invalid(problems.list),
    }
}

fn unreachable(rule: Rule, why: &Unreachable) -> Skip {
    let skip = match why {
        Unreachable::NoIdentity => {
            Skip::new("no_reachable_identity", &["the user has neither an e-mail address nor a phone number"])
        }
        Unreachable::Invalid => Skip::new("invalid_address", &["the user's address is not one plain address"]),
        Unreachable::NoSender(channel) => Skip::new(
            "no_sender",
            &["the user can be reached by ", channel.name(), " only, and no sender is configured for it"],
        ),
    };
    Skip { rule: Some(rule.index), ..skip }
}

fn invite(event: &Event, config: &Config, rule: Rule, recipient: &Recipient) -> Result<Send, Problems> {
    let (locale, locale_from) = choose_locale(event, config, rule);
    let channel = recipient.channel;
    let content = message::compose(config, event, rule.message(), locale, channel)?;
    let mut warnings = Vec::new();
    let size = sms::size(&content.text);
    if channel == Channel::Sms && size.segments > 1 {
        let mut warning = String::from("the SMS takes ");
        decimal(&mut warning, size.segments);
        warning.push_str(if size.ucs2 { " segments of 67 characters" } else { " segments of 153 characters" });
        warnings.push(warning);
    }
    let key = idempotency_key(event, rule, channel.name());
    let attempts = attempts(config, channel, &recipient.address, &content, &key);
    let message = rule.message().to_owned();
    Ok(Send {
        rule: rule.index,
        message,
        channel,
        to_admin: false,
        locale: locale.to_owned(),
        locale_from,
        key,
        warnings,
        attempts,
    })
}

fn tell_admin(event: &Event, config: &Config, rule: Rule, admin: &str) -> Result<Send, Problems> {
    let (locale, _) = choose_locale(event, config, rule);
    let available = config.locales(UNREACHABLE);
    let admin_locale = lookup(config.default_locale(), &available).or(available.first().copied()).unwrap_or("en");
    let content = message::compose_unreachable(config, event, (rule.message(), locale), admin_locale)?;
    let key = idempotency_key(event, rule, "admin");
    let attempts = attempts(config, Channel::Email, admin, &content, &key);
    Ok(Send {
        rule: rule.index,
        message: UNREACHABLE.to_owned(),
        channel: Channel::Email,
        to_admin: true,
        locale: admin_locale.to_owned(),
        locale_from: "default",
        key,
        warnings: Vec::new(),
        attempts,
    })
}

/// The user's own locale, then the rule's, the event's, the configuration's. The event's language is left out where it
/// may be the admin's: events that the Portal itself triggers.
fn choose_locale<'c>(event: &Event, config: &Config<'c>, rule: Rule) -> (&'c str, &'static str) {
    let available = config.locales(rule.message());
    let of_event = match event.triggered_by {
        "portal" | "site_admin" => "",
        _ => event.context.get("language").str(),
    };
    let candidates = [(event.attribute("locale"), "user"), (rule.locale().unwrap_or(""), "rule"), (of_event, "event")];
    candidates
        .into_iter()
        .find_map(|(range, from)| lookup(range, &available).map(|locale| (locale, from)))
        .unwrap_or_else(|| (lookup(config.default_locale(), &available).unwrap_or("en"), "default"))
}

fn idempotency_key(event: &Event, rule: Rule, channel: &str) -> String {
    let mut key = String::from("authgear-invite.");
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-' || *c == '_';
    if event.id.is_empty() {
        // Older servers and hand-made events: the user and the moment stand in for the event.
        key.extend(event.user_id().chars().filter(plain).take(64));
        key.push('.');
        decimal(&mut key, usize::try_from(event.timestamp).unwrap_or(0));
    } else {
        key.extend(event.id.chars().filter(plain).take(128));
    }
    key.push('.');
    decimal(&mut key, rule.index);
    key.push('.');
    key.push_str(channel);
    key
}

fn attempts(config: &Config, channel: Channel, to: &str, content: &Content, key: &str) -> Vec<Attempt> {
    let uuid = uuid(key);
    config
        .senders(channel)
        .iter()
        .enumerate()
        .map(|(index, sender)| {
            let mailbox = |name: &str| Mailbox::parse(sender.get(name).str());
            let [from, reply_to] = [mailbox("from"), mailbox("replyTo")].map(|mailbox| {
                let text = |f: fn(&Mailbox) -> String| mailbox.as_ref().map(f).unwrap_or_default();
                [
                    text(Mailbox::header),
                    text(Mailbox::header_ascii),
                    text(|m| m.email.address.clone()),
                    text(|m| m.name.clone()),
                ]
            });
            let ([from, from_ascii, from_email, from_name], [reply_to, reply_to_ascii, reply_to_email, reply_to_name]) =
                (&from, &reply_to);
            let shared = [
                ("to", to),
                ("text", &content.text),
                ("key", key),
                ("uuid", &uuid),
                ("digits", to.trim_start_matches('+')),
            ];
            let mail = [
                ("from", from.as_str()),
                ("fromAscii", from_ascii),
                ("fromEmail", from_email),
                ("fromName", from_name),
                ("replyTo", reply_to),
                ("replyToAscii", reply_to_ascii),
                ("replyToEmail", reply_to_email),
                ("replyToName", reply_to_name),
                ("subject", &content.subject),
                ("html", &content.html),
            ];
            let slots: Vec<_> =
                if channel == Channel::Email { shared.into_iter().chain(mail).collect() } else { shared.to_vec() };
            attempt(channel, index, &Slots { message: &slots, sender })
        })
        .collect()
}

fn attempt(channel: Channel, sender: usize, slots: &Slots) -> Attempt {
    let name = slots.sender.get("provider").str();
    let provider = name.to_owned();
    match provider::find(channel, name) {
        Some(known) => Attempt {
            provider,
            sender,
            content: Payload::Request(known.request(slots)),
            key_seconds: known.key_seconds(),
            id_header: known.id_header(),
            sign_region: known.needs_signature().then(|| slots.sender.get("region").str().to_owned()),
        },
        None => {
            let fields = slots.message.iter().filter_map(|(slot, text)| {
                let name = match *slot {
                    "key" => "idempotencyKey",
                    "from" | "to" | "replyTo" | "subject" | "text" | "html" if !text.is_empty() => slot,
                    _ => return None,
                };
                Some((name, (*text).to_owned()))
            });
            let content = Payload::Message(fields.collect());
            Attempt { provider: CUSTOM.to_owned(), sender, content, key_seconds: 0, id_header: None, sign_region: None }
        }
    }
}

/// A UUID (version 8: by our own rule) from a key, by 128-bit FNV-1a: equal keys give equal UUIDs.
fn uuid(key: &str) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = key.bytes().fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    let mut out = String::new();
    for i in 0..32 {
        if matches!(i, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        let digit = (hash >> (124 - 4 * i)) as u32 & 15;
        out.push(match i {
            12 => '8',
            16 => hex(8 | digit & 3),
            _ => hex(digit),
        });
    }
    out
}

impl Decision {
    /// As JSON text. The shape is `Decision` in `ts/core.ts`.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        match self {
            Decision::Skip(skip) => {
                out.push_str("{\"type\":\"skip\"");
                member(&mut out, "reason", skip.reason);
                member(&mut out, "detail", &skip.detail);
                out.push_str(",\"rule\":");
                match skip.rule {
                    Some(rule) => decimal(&mut out, rule),
                    None => out.push_str("null"),
                }
            }
            Decision::Invalid(problems) => {
                out.push_str("{\"type\":\"invalid\"");
                texts(&mut out, "problems", problems);
            }
            Decision::Send(send) => send.write(&mut out),
        }
        out.push('}');
        out
    }
}

impl Send {
    fn write(&self, out: &mut String) {
        out.push_str("{\"type\":\"send\",\"rule\":");
        decimal(out, self.rule);
        member(out, "message", &self.message);
        member(out, "channel", self.channel.name());
        member(out, "to", if self.to_admin { "admin" } else { "user" });
        member(out, "locale", &self.locale);
        member(out, "localeFrom", self.locale_from);
        member(out, "key", &self.key);
        texts(out, "warnings", &self.warnings);
        out.push_str(",\"attempts\":[");
        for (i, attempt) in self.attempts.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            attempt.write(out);
        }
        out.push(']');
    }
}

impl Attempt {
    fn write(&self, out: &mut String) {
        out.push_str("{\"sender\":");
        decimal(out, self.sender);
        out.push_str(",\"keySeconds\":");
        decimal(out, self.key_seconds as usize);
        member(out, "provider", &self.provider);
        if let Some(header) = self.id_header {
            member(out, "idHeader", header);
        }
        if let Some(region) = &self.sign_region {
            out.push_str(",\"sign\":{\"service\":\"ses\"");
            member(out, "region", region);
            out.push('}');
        }
        match &self.content {
            Payload::Request(request) => {
                out.push_str(",\"request\":{\"method\":\"POST\"");
                member(out, "url", &request.url);
                member(out, "body", &request.body);
                object(out, "headers", &request.headers);
                out.push('}');
            }
            Payload::Message(fields) => object(out, "message", fields),
        }
        out.push('}');
    }
}

/// Appends `,"name":"text"`.
fn member(out: &mut String, name: &str, text: &str) {
    key(out, name);
    quote(out, text);
}

fn key(out: &mut String, name: &str) {
    out.push(',');
    quote(out, name);
    out.push(':');
}

fn texts(out: &mut String, name: &str, texts: &[String]) {
    key(out, name);
    out.push('[');
    for (i, text) in texts.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        quote(out, text);
    }
    out.push(']');
}

fn object(out: &mut String, name: &str, members: &[(&'static str, String)]) {
    key(out, name);
    out.push('{');
    for (i, (name, text)) in members.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        quote(out, name);
        out.push(':');
        quote(out, text);
    }
    out.push('}');
}
