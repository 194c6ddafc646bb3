//! The decision: what an event leads to under a configuration. Pure: the same input gives the same output.

use crate::address::Email;
use crate::arena::Arena;
use crate::config::{Channel, Config, Rule, UNREACHABLE};
use crate::event::Event;
use crate::filter::{Reason, Skip, find_rule};
use crate::json::{Json, Member, append, decimal, quote};
use crate::locale::lookup;
use crate::message::{Composer, Content};
use crate::provider::{Outgoing, member, write_attempt};
use crate::recipient::{self, Recipient, Unreachable};
use crate::sms;
use crate::values::values;

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
    let mut composer = Composer::new(&config);
    config.check(&mut composer.problems);
    if !composer.problems.list.is_empty() {
        composer.check();
        return Decision::Invalid(composer.problems.list);
    }
    let Some(event) = Event::read(event) else {
        return Decision::Skip(Skip { reason: &("not_an_event", "the input has no event type"), rule: None });
    };
    let index = match find_rule(&event, &config) {
        Ok(index) => index,
        Err(skip) => return Decision::Skip(skip),
    };
    let rule = Rule(config.rules().get(index).unwrap_or(&Json::Null));
    let (locale, locale_from) = choose_locale(&event, &config, rule);
    composer.check();
    if !composer.problems.list.is_empty() {
        return Decision::Invalid(composer.problems.list);
    }
    let values = values(&config, &event, locale, arena);
    let mut send = Send {
        rule: index,
        message: rule.message(),
        recipient: Recipient { channel: Channel::Email, address: String::new() },
        to_admin: false,
        locale,
        locale_from,
        key: String::new(),
        content: Content::default(),
        senders: &[],
    };
    let to = match (recipient::find(&event, &config), config.unreachable()) {
        (Ok(recipient), _) => {
            send.recipient = recipient;
            send.recipient.channel.name()
        }
        (Err(_), Some(admin)) => {
            send.to_admin = true;
            send.recipient.address = Email::parse(admin).map(|email| email.address).unwrap_or_default();
            "admin"
        }
        (Err(why), None) => return Decision::Skip(Skip { reason: unreachable(&why), rule: Some(index) }),
    };
    let channel = send.recipient.channel;
    send.key = idempotency_key(&event, index, to);
    send.senders = config.senders(channel);
    send.content = composer.compose(send.message, locale, channel, &Json::Object(&values));
    if send.to_admin {
        forward(&mut send, &mut composer, &config, values, arena);
    }
    if composer.problems.list.is_empty() { Decision::Send(send) } else { Decision::Invalid(composer.problems.list) }
}

/// Wraps a message that reaches nobody into one to the admin, who can pass it on.
fn forward<'d>(
    send: &mut Send<'d>,
    composer: &mut Composer,
    config: &Config<'d>,
    mut values: Vec<Member<'d>>,
    arena: &'d Arena,
) {
    let available = config.locales(UNREACHABLE);
    send.message = UNREACHABLE;
    send.locale = lookup(config.default_locale(), &available).or(available.first().copied()).unwrap_or("");
    send.locale_from = "default";
    let text = std::mem::take(&mut send.content.text);
    values.push(("message", Json::String(arena.text(text))));
    send.content = composer.compose(UNREACHABLE, send.locale, Channel::Email, &Json::Object(&values));
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

fn idempotency_key(event: &Event, rule: usize, channel: &str) -> String {
    let mut key = String::from("authgear-invite.");
    // Without an id, in older servers and hand-made events, user and moment stand in for the event.
    let id = if event.id.is_empty() { event.user_id() } else { event.id };
    for c in id.chars().take(128) {
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
            key.push(c);
        }
    }
    for number in [event.timestamp as usize, rule] {
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
