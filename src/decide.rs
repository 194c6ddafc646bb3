//! The decision: what an event leads to under a configuration. Pure: the same input gives the same output.

use crate::address::Email;
use crate::arena::Arena;
use crate::config::{Channel, Config, Rule, UNREACHABLE};
use crate::event::Event;
use crate::filter::{Reason, Skip, find_rule};
use crate::json::{Json, append, decimal, quote};
use crate::locale::lookup;
use crate::message::{self, Content};
use crate::provider::{Outgoing, member, write_attempt};
use crate::recipient::{self, Recipient, Unreachable};
use crate::sms;

/// What to do about an event.
#[derive(Debug)]
pub enum Decision<'d> {
    /// Nothing, and why.
    Skip(Skip),
    /// The configuration is wrong: every problem with its path.
    Invalid(Vec<String>),
    /// Send this.
    Send(Send<'d>),
}

/// A message to send.
#[derive(Debug)]
pub struct Send<'d> {
    /// The rule's index, from zero.
    pub rule: usize,
    /// The message's name.
    pub message: &'d str,
    /// Where it goes.
    pub recipient: Recipient,
    /// Whether that is the admin, because nothing reaches the user.
    pub to_admin: bool,
    /// The locale of the text.
    pub locale: &'d str,
    /// Who chose it: `user`, `rule`, `event` or `default`.
    pub locale_from: &'static str,
    /// The idempotency key, made from event, rule and channel; letters, digits, `.`, `_` and `-`.
    pub key: String,
    /// The message itself.
    pub content: Content,
    /// Those who can send it, in order.
    pub senders: &'d [Json<'d>],
}

/// Decides on an event.
pub fn decide<'d>(event: &Json<'d>, config: &'d Json<'d>, built_in: &'d Json<'d>, arena: &'d Arena) -> Decision<'d> {
    let config = Config::new(config, built_in);
    let mut problems = config.check();
    if !problems.list.is_empty() {
        message::check(&config, &mut problems);
        return Decision::Invalid(problems.list);
    }
    let Some(event) = Event::read(event) else {
        return Decision::Skip(Skip { reason: &("not_an_event", "the input has no event type"), rule: None });
    };
    let rule = match find_rule(&event, &config) {
        Ok(rule) => rule,
        Err(skip) => return Decision::Skip(skip),
    };
    message::check(&config, &mut problems);
    if !problems.list.is_empty() {
        return Decision::Invalid(problems.list);
    }
    let sent = match (recipient::find(&event, &config), config.unreachable()) {
        (Ok(recipient), _) => invite(&event, &config, rule, recipient, arena),
        (Err(_), Some(admin)) => tell_admin(&event, &config, rule, admin, arena),
        (Err(why), None) => return Decision::Skip(Skip { reason: unreachable(&why), rule: Some(rule.index) }),
    };
    sent.map_or_else(|problem| Decision::Invalid(vec![problem]), Decision::Send)
}

fn unreachable(why: &Unreachable) -> Reason {
    match why {
        Unreachable::NoIdentity => {
            &("no_reachable_identity", "the user has neither an e-mail address nor a phone number")
        }
        Unreachable::Invalid => &("invalid_address", "the user's address is not one plain address"),
        Unreachable::NoSender => &("no_sender", "no sender is configured for the only channel that reaches the user"),
    }
}

fn invite<'d>(
    event: &Event<'d>,
    config: &Config<'d>,
    rule: Rule<'d>,
    recipient: Recipient,
    arena: &'d Arena,
) -> Result<Send<'d>, String> {
    let (locale, locale_from) = choose_locale(event, config, rule);
    let channel = recipient.channel;
    Ok(Send {
        rule: rule.index,
        message: rule.message(),
        recipient,
        to_admin: false,
        locale,
        locale_from,
        key: idempotency_key(event, rule, channel.name()),
        content: message::compose(config, event, (rule.message(), locale), channel, arena)?,
        senders: config.senders(channel),
    })
}

fn tell_admin<'d>(
    event: &Event<'d>,
    config: &Config<'d>,
    rule: Rule<'d>,
    admin: &str,
    arena: &'d Arena,
) -> Result<Send<'d>, String> {
    let (locale, _) = choose_locale(event, config, rule);
    let inner = message::compose(config, event, (rule.message(), locale), Channel::Email, arena)?;
    let available = config.locales(UNREACHABLE);
    let locale = lookup(config.default_locale(), &available).or(available.first().copied()).unwrap_or("");
    Ok(Send {
        rule: rule.index,
        message: UNREACHABLE,
        recipient: Recipient {
            channel: Channel::Email,
            address: Email::parse(admin).map(|email| email.address).unwrap_or_default(),
        },
        to_admin: true,
        locale,
        locale_from: "default",
        key: idempotency_key(event, rule, "admin"),
        content: message::compose_unreachable(config, event, &inner.text, locale, arena)?,
        senders: config.senders(Channel::Email),
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
    for (range, from) in [
        (event.attribute("locale"), "user"),
        (rule.locale().unwrap_or(""), "rule"),
        (of_event, "event"),
        (config.default_locale(), "default"),
    ] {
        if let Some(locale) = lookup(range, &available) {
            return (locale, from);
        }
    }
    ("", "default")
}

fn idempotency_key(event: &Event, rule: Rule, channel: &str) -> String {
    let mut key = String::from("authgear-invite.");
    // Without an id, in older servers and hand-made events, user and moment stand in for the event.
    let id = if event.id.is_empty() { event.user_id() } else { event.id };
    for c in id.chars().take(128) {
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
            key.push(c);
        }
    }
    for number in [event.timestamp as usize, rule.index] {
        key.push('.');
        decimal(&mut key, number);
    }
    key.push('.');
    key.push_str(channel);
    key
}

impl Decision<'_> {
    /// As JSON text. The shape is `Decision` in `ts/core.ts`.
    pub fn to_json(&self, arena: &Arena) -> String {
        let mut out = String::from("{\"type\":");
        match self {
            Decision::Skip(skip) => {
                let (reason, detail) = skip.reason;
                out.push_str("\"skip\"");
                member(&mut out, "reason", reason);
                member(&mut out, "detail", detail);
                out.push_str(",\"rule\":");
                match skip.rule {
                    Some(rule) => decimal(&mut out, rule),
                    None => out.push_str("null"),
                }
            }
            Decision::Invalid(problems) => {
                out.push_str("\"invalid\",\"problems\":");
                for (i, problem) in problems.iter().enumerate() {
                    out.push(if i > 0 { ',' } else { '[' });
                    quote(&mut out, problem);
                }
                out.push(']');
            }
            Decision::Send(send) => send.write(&mut out, arena),
        }
        out.push('}');
        out
    }
}

impl Send<'_> {
    fn write(&self, out: &mut String, arena: &Arena) {
        let channel = self.recipient.channel;
        out.push_str("\"send\",\"rule\":");
        decimal(out, self.rule);
        member(out, "message", self.message);
        member(out, "channel", channel.name());
        member(out, "to", if self.to_admin { "admin" } else { "user" });
        member(out, "locale", self.locale);
        member(out, "localeFrom", self.locale_from);
        member(out, "key", &self.key);
        out.push_str(",\"warnings\":[");
        let size = sms::size(&self.content.text);
        if channel == Channel::Sms && size.segments > 1 {
            out.push_str("\"the SMS takes ");
            decimal(out, size.segments);
            append(out, &[" segments of ", if size.ucs2 { "67" } else { "153" }, " characters\""]);
        }
        out.push_str("],\"attempts\":");
        let message = Outgoing {
            key: &self.key,
            to: &self.recipient.address,
            subject: &self.content.subject,
            text: &self.content.text,
            html: &self.content.html,
        };
        for (i, sender) in self.senders.iter().enumerate() {
            out.push(if i > 0 { ',' } else { '[' });
            out.push_str("{\"sender\":");
            decimal(out, i);
            write_attempt(out, channel, sender, &message, arena);
            out.push('}');
        }
        out.push(']');
    }
}
