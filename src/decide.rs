//! The decision: what an event leads to under a configuration. Pure: the same input gives the same output.

use crate::address::email;
#[cfg(feature = "npm")]
use crate::config::PASSWORD;
use crate::config::{Channel, Config, UNREACHABLE, message_of};
use crate::event::Event;
use crate::filter::{Skip, find_rule};
use crate::json::{Json, append, decimal, join, quote};
use crate::locale::lookup;
use crate::message::{Composer, Content};
use crate::provider::{Outgoing, member, write_attempt};
use crate::recipient;
use crate::sms;
use crate::values::{values, way_in};

/// Decides on an event. The decision is a line of JSON, its shape `Decision` in `ts/core.ts`, and behind it a line for the
/// body of each attempt's request (empty for a custom provider): nobody has to escape those once more.
pub fn decide<'d>(event: &Json<'d>, config: &'d Config<'d>) -> String {
    answer(config, |composer| plan(event, config, None, composer), write_send)
}

/// Decides on the mail with a password for the account that an event, made by hand, speaks of. Rules do not matter; it goes to
/// an e-mail address or nowhere.
#[cfg(feature = "npm")]
pub fn decide_password<'d>(event: &Json<'d>, password: &'d str, config: &'d Config<'d>) -> String {
    answer(config, |composer| plan_password(event, password, config, composer), write_send)
}

/// What is to be sent, to whom, and why so.
pub(crate) struct Plan<'d> {
    rule: Option<usize>,
    message: &'d str,
    pub(crate) channel: Channel,
    to_admin: bool,
    address: &'d str,
    locale: &'d str,
    locale_from: &'static str,
    key: &'d str,
    pub(crate) content: Content<'d>,
}

/// Has a plan written, or why nothing is sent. `write` returns what stands behind the JSON.
pub(crate) fn answer<'d>(
    config: &'d Config<'d>,
    plan: impl FnOnce(&mut Composer<'d>) -> Result<Option<Plan<'d>>, Skip>,
    write: impl FnOnce(&mut String, &Plan<'d>, &Config<'d>) -> String,
) -> String {
    let mut composer = Composer::new(config);
    config.check(&mut composer.problems);
    let mut out = join(&["{\"type\":\""]);
    let mut bodies = String::new();
    let mut outcome = Ok(None);
    if composer.problems.list.is_empty() {
        outcome = plan(&mut composer);
    } else {
        composer.check();
    }
    match outcome {
        Ok(Some(plan)) => bodies = write(&mut out, &plan, config),
        Ok(None) => write_problems(&mut out, &composer.problems.list),
        Err(skip) => write_skip(&mut out, &skip),
    }
    append(&mut out, &["}", &bodies]);
    out
}

/// All that is wrong in a configuration.
#[cfg(feature = "npm")]
pub fn problems(config: &Config) -> Vec<String> {
    let mut composer = Composer::new(config);
    config.check(&mut composer.problems);
    composer.check();
    composer.problems.list
}

const NOT_AN_EVENT: Skip =
    Skip { reason: &("not_an_event", "the input has no event type, is no JSON, or nests too deep"), rule: None };

/// The decision on what is no event.
pub fn not_an_event() -> String {
    let mut out = join(&["{\"type\":\""]);
    write_skip(&mut out, &NOT_AN_EVENT);
    out.push('}');
    out
}

/// The decision under a configuration with these problems.
#[cfg(feature = "npm")]
pub(crate) fn invalid(problems: &[String]) -> String {
    let mut out = join(&["{\"type\":\""]);
    write_problems(&mut out, problems);
    out.push('}');
    out
}

fn write_skip(out: &mut String, skip: &Skip) {
    let (reason, detail) = skip.reason;
    out.push_str("skip\"");
    member(out, "reason", reason);
    member(out, "detail", detail);
    write_rule(out, skip.rule);
}

fn write_rule(out: &mut String, rule: Option<usize>) {
    out.push_str(",\"rule\":");
    match rule {
        Some(rule) => decimal(out, rule),
        None => out.push_str("null"),
    }
}

fn write_problems(out: &mut String, problems: &[String]) {
    out.push_str("invalid\",\"problems\":");
    for (i, problem) in problems.iter().enumerate() {
        out.push(if i > 0 { ',' } else { '[' });
        quote(out, problem);
    }
    out.push(']');
}

/// Plans what to send, unless a problem turns up in the message. A locale stands in for the user's own.
pub(crate) fn plan<'d>(
    event: &Json<'d>,
    config: &'d Config<'d>,
    locale: Option<&str>,
    composer: &mut Composer,
) -> Result<Option<Plan<'d>>, Skip> {
    let arena = config.arena;
    let Some(event) = Event::read(event, arena) else {
        return Err(NOT_AN_EVENT);
    };
    let index = find_rule(&event, config)?;
    let rule = config.rules().get(index).unwrap_or(&Json::Null);
    let mut message = message_of(rule);
    let own_locale = locale.unwrap_or(event.attribute("locale"));
    let (mut locale, mut locale_from) = choose_locale(own_locale, &event, config, message, rule.text("locale"));
    composer.check();
    if !composer.problems.list.is_empty() {
        return Ok(None);
    }
    if way_in(config, &event).is_none() {
        let reason = &("no_way_in", "users sign in with a code, and this one has no address that it could be sent to");
        return Err(Skip { reason, rule: Some(index) });
    }
    let mut values = values(config, &event, locale, arena);
    let (recipient, admin) = (recipient::find(&event, config), config.admin());
    let to_admin = recipient.is_err();
    let (channel, address) = match (recipient, admin) {
        (Ok(found), _) => found,
        (Err(_), Some(admin)) => (Channel::Email, email(admin, arena).unwrap_or("")),
        (Err(reason), None) => return Err(Skip { reason, rule: Some(index) }),
    };
    let mut content = composer.compose(message, locale, channel, &Json::Object(&values), arena);
    if to_admin {
        // The admin gets the user's message inside of one that says why, and can pass it on.
        let available = config.locales(UNREACHABLE);
        message = UNREACHABLE;
        locale = lookup(config.default_locale(), available).or(available.first().copied()).unwrap_or("");
        locale_from = "default";
        values.push(("message", Json::String(content.text)));
        content = composer.compose(message, locale, channel, &Json::Object(&values), arena);
    }
    if !composer.problems.list.is_empty() {
        return Ok(None);
    }
    let key = arena.text(idempotency_key(&event, index, if to_admin { "admin" } else { channel.name() }));
    Ok(Some(Plan { rule: Some(index), message, channel, to_admin, address, locale, locale_from, key, content }))
}

#[cfg(feature = "npm")]
fn plan_password<'d>(
    event: &Json<'d>,
    password: &'d str,
    config: &'d Config<'d>,
    composer: &mut Composer<'d>,
) -> Result<Option<Plan<'d>>, Skip> {
    let (arena, channel) = (config.arena, Channel::Email);
    let Some(event) = Event::read(event, arena) else {
        return Err(NOT_AN_EVENT);
    };
    let address = recipient::on(channel, &event, config).map_err(|reason| Skip { reason, rule: None })?;
    let (locale, locale_from) = choose_locale(event.attribute("locale"), &event, config, PASSWORD, "");
    let values = Json::Object(arena.list(values(config, &event, locale, arena)));
    composer.password = password;
    let content = composer.compose(PASSWORD, locale, channel, &values, arena);
    if !composer.problems.list.is_empty() {
        return Ok(None);
    }
    let key = arena.text(idempotency_key(&event, 0, PASSWORD));
    Ok(Some(Plan {
        rule: None,
        message: PASSWORD,
        channel,
        to_admin: false,
        address,
        locale,
        locale_from,
        key,
        content,
    }))
}

fn write_send<'d>(out: &mut String, plan: &Plan<'d>, config: &Config<'d>) -> String {
    let mut bodies = String::new();
    out.push_str("send\"");
    plan.write(out);
    member(out, "key", plan.key);
    let outgoing = Outgoing { key: plan.key, to: plan.address, content: plan.content };
    for (i, sender) in config.senders(plan.channel).iter().enumerate() {
        out.push_str(if i > 0 { ",{\"sender\":" } else { ",\"attempts\":[{\"sender\":" });
        decimal(out, i);
        let body = write_attempt(out, plan.channel, sender, &outgoing, config.arena);
        append(&mut bodies, &["\n", body]);
        out.push('}');
    }
    out.push(']');
    bodies
}

impl Plan<'_> {
    /// Appends what a decision and a preview tell alike.
    pub(crate) fn write(&self, out: &mut String) {
        write_rule(out, self.rule);
        member(out, "message", self.message);
        member(out, "channel", self.channel.name());
        member(out, "to", if self.to_admin { "admin" } else { "user" });
        member(out, "address", self.address);
        member(out, "locale", self.locale);
        member(out, "localeFrom", self.locale_from);
        write_warnings(out, self.channel, self.content.text);
    }
}

/// The user's own locale, then the rule's, the event's, the configuration's. The event's language is left out where it
/// may be the admin's: events that the Portal itself triggers.
fn choose_locale<'c>(
    own: &str,
    event: &Event,
    config: &Config<'c>,
    message: &str,
    of_rule: &str,
) -> (&'c str, &'static str) {
    let available = config.locales(message);
    let of_event = match event.triggered_by {
        "portal" | "site_admin" => "",
        _ => event.context.text("language"),
    };
    for (from, range) in &[("user", own), ("rule", of_rule), ("event", of_event), ("default", config.default_locale())]
    {
        if let Some(locale) = lookup(range, available) {
            return (locale, from);
        }
    }
    ("", "default")
}

/// Made from event, rule and channel; letters, digits, `.`, `_` and `-`.
fn idempotency_key(event: &Event, rule: usize, channel: &str) -> String {
    let mut key = join(&["authgear-invite."]);
    // Without an id, in older servers and hand-made events, user and moment stand in for the event.
    let id = if event.id.is_empty() { event.user_id() } else { event.id };
    for c in id.chars().take(128) {
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
            key.push(c);
        }
    }
    key.push('.');
    decimal(&mut key, event.timestamp as usize);
    key.push('.');
    decimal(&mut key, rule);
    append(&mut key, &[".", channel]);
    key
}

fn write_warnings(out: &mut String, channel: Channel, text: &str) {
    out.push_str(",\"warnings\":[");
    if text.is_empty() {
        out.push_str("\"the text is empty\"");
    } else if channel == Channel::Sms {
        let size = sms::size(text);
        if size.segments > 1 {
            out.push_str("\"the SMS takes ");
            decimal(out, size.segments);
            out.push_str(if size.ucs2 { " segments of 67 characters\"" } else { " segments of 153 characters\"" });
        }
    }
    out.push(']');
}
