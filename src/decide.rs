//! The decision: what an event leads to under a configuration. Pure: the same input gives the same output.

use crate::address::email;
use crate::config::{Channel, Config, UNREACHABLE, message_of};
#[cfg(feature = "npm")]
use crate::config::{LACKS_DEFAULT, PASSWORD};
use crate::envelope::{Unsealed, open};
use crate::event::Event;
use crate::filter::{Skip, find_rule};
#[cfg(feature = "npm")]
use crate::html::escape;
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
    /// Why the event's envelope was ignored; empty when it was not.
    ignored: &'static str,
}

/// What a decision is when nothing is to be sent.
pub(crate) enum Otherwise<'d> {
    Skip(Skip),
    /// The problems are the composer's.
    Invalid,
    /// The MACs are asked for.
    Unsealed(Unsealed<'d>),
}

impl<'d> From<Unsealed<'d>> for Otherwise<'d> {
    fn from(unsealed: Unsealed<'d>) -> Self {
        Otherwise::Unsealed(unsealed)
    }
}

impl From<Skip> for Otherwise<'_> {
    fn from(skip: Skip) -> Self {
        Otherwise::Skip(skip)
    }
}

/// Has a plan written, or why nothing is sent. `write` returns what stands behind the JSON.
pub(crate) fn answer<'d>(
    config: &'d Config<'d>,
    plan: impl FnOnce(&mut Composer<'d>) -> Result<Plan<'d>, Otherwise<'d>>,
    write: impl FnOnce(&mut String, &Plan<'d>, &Config<'d>) -> String,
) -> String {
    let mut composer = Composer::new(config);
    config.check(&mut composer.problems);
    let mut out = join(&["{\"type\":\""]);
    let mut bodies = String::new();
    let mut outcome = Err(Otherwise::Invalid);
    if composer.problems.list.is_empty() {
        outcome = plan(&mut composer);
    } else {
        composer.check();
    }
    match outcome {
        Ok(plan) => bodies = write(&mut out, &plan, config),
        Err(Otherwise::Invalid) => write_problems(&mut out, &composer.problems.list),
        Err(Otherwise::Skip(skip)) => write_skip(&mut out, &skip),
        Err(Otherwise::Unsealed(Unsealed(text))) => {
            out.push_str("seal\"");
            member(&mut out, "text", text);
        }
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
    out.push_str("invalid\"");
    write_list(out, "problems", problems);
}

/// Plans what to send. A locale stands in for the user's own.
pub(crate) fn plan<'d>(
    event: &Json<'d>,
    config: &'d Config<'d>,
    locale: Option<&str>,
    composer: &mut Composer,
) -> Result<Plan<'d>, Otherwise<'d>> {
    let arena = config.arena;
    let Some(event) = Event::read(event, arena) else {
        return Err(NOT_AN_EVENT.into());
    };
    let index = find_rule(&event, config)?;
    let skip = |reason| Err(Skip { reason, rule: Some(index) }.into());
    let rule = config.rules().get(index).unwrap_or(&Json::Null);
    let (envelope, ignored) = open(&event, config)?;
    let mut message = envelope.get("message").as_str().unwrap_or(message_of(rule));
    let own_locale = locale.unwrap_or(event.attribute("locale"));
    let (mut locale, mut locale_from) = choose_locale(own_locale, &event, config, message, rule.text("locale"));
    composer.check();
    if !composer.problems.list.is_empty() {
        return Err(Otherwise::Invalid);
    }
    if envelope.get("suppress").is_true() {
        return skip(&("suppressed", "the envelope asks for no message"));
    }
    if way_in(config, &event).is_none() {
        return skip(&("no_way_in", "users sign in with a code, and this one has no address that it could be sent to"));
    }
    let mut values = values(config, &event, &envelope, locale);
    let (recipient, admin) = (recipient::find(&event, config), config.admin());
    let to_admin = recipient.is_err();
    let (channel, address) = match (recipient, admin) {
        (Ok(found), _) => found,
        (Err(_), Some(admin)) => (Channel::Email, email(admin, arena).unwrap_or("")),
        (Err(reason), None) => return skip(reason),
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
        return Err(Otherwise::Invalid);
    }
    let key = arena.text(idempotency_key(&event, index, if to_admin { "admin" } else { channel.name() }));
    let rule = Some(index);
    Ok(Plan { rule, message, channel, to_admin, address, locale, locale_from, key, content, ignored })
}

/// Of an envelope only what it says of the user counts here.
#[cfg(feature = "npm")]
fn plan_password<'d>(
    event: &Json<'d>,
    password: &'d str,
    config: &'d Config<'d>,
    composer: &mut Composer<'d>,
) -> Result<Plan<'d>, Otherwise<'d>> {
    let (arena, channel) = (config.arena, Channel::Email);
    let Some(event) = Event::read(event, arena) else {
        return Err(NOT_AN_EVENT.into());
    };
    let (envelope, ignored) = open(&event, config)?;
    let address = recipient::on(channel, &event, config).map_err(|reason| Skip { reason, rule: None })?;
    let (locale, locale_from) = choose_locale(event.attribute("locale"), &event, config, PASSWORD, "");
    if locale.is_empty() {
        composer.problems.note(&["messages.password"], LACKS_DEFAULT);
    }
    let values = Json::Object(arena.list(values(config, &event, &envelope, locale)));
    composer.password = password;
    let content = composer.compose(PASSWORD, locale, channel, &values, arena);
    let mut escaped = String::new();
    escape(&mut escaped, password);
    if composer.problems.list.is_empty() && !(content.text.contains(password) && content.html.contains(&*escaped)) {
        composer.problems.note(&["messages.password", locale], "must show {password} in its text and its html");
    }
    if !composer.problems.list.is_empty() {
        return Err(Otherwise::Invalid);
    }
    let key = arena.text(idempotency_key(&event, 0, PASSWORD));
    Ok(Plan {
        rule: None,
        message: PASSWORD,
        channel,
        to_admin: false,
        address,
        locale,
        locale_from,
        key,
        content,
        ignored,
    })
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
        write_warnings(out, self);
    }
}

fn choose_locale<'c>(
    own: &str,
    event: &Event,
    config: &Config<'c>,
    message: &str,
    of_rule: &str,
) -> (&'c str, &'static str) {
    let available = config.locales(message);
    let mut chosen = ("", "default");
    wishes(own, event, config, of_rule, &mut |from, range| {
        if let (true, Some(locale)) = (chosen.0.is_empty(), lookup(range, available)) {
            chosen = (locale, from);
        }
    });
    chosen
}

/// Tells locales in the order of preference, each with whose wish it is: the user's own, the rule's, those that the event was
/// asked for in, then the configuration's where it has one, and the project's, which `language` is when nobody asks for any.
/// What events say that the Portal itself triggers may be the admin's.
pub(crate) fn wishes<'w>(
    own: &'w str,
    event: &Event<'w>,
    config: &Config<'w>,
    of_rule: &'w str,
    tell: &mut dyn FnMut(&'static str, &'w str),
) {
    let context = if matches!(event.triggered_by, "portal" | "site_admin") { &Json::Null } else { event.context };
    tell("user", own);
    tell("rule", of_rule);
    for language in context.get("preferred_languages").items() {
        tell("event", language.str());
    }
    let default = config.get("defaultLocale");
    if !default.is_null() {
        tell("default", default.str());
    }
    tell("project", context.text("language"));
    if default.is_null() {
        tell("default", config.default_locale());
    }
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

fn write_warnings(out: &mut String, Plan { channel, content, ignored, .. }: &Plan) {
    let mut warnings = Vec::new();
    if content.text.is_empty() {
        warnings.push(join(&["the text is empty"]));
    } else if *channel == Channel::Sms {
        let size = sms::size(content.text);
        if size.segments > 1 {
            let mut warning = join(&["the SMS takes "]);
            decimal(&mut warning, size.segments);
            warning.push_str(if size.ucs2 { " segments of 67 characters" } else { " segments of 153 characters" });
            warnings.push(warning);
        }
    }
    if !ignored.is_empty() {
        warnings.push(join(&["the envelope was ignored: ", ignored]));
    }
    write_list(out, "warnings", &warnings);
}

/// Appends a member that is a list of texts.
fn write_list(out: &mut String, name: &str, texts: &[String]) {
    append(out, &[",\"", name, "\":["]);
    for (i, text) in texts.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        quote(out, text);
    }
    out.push(']');
}
