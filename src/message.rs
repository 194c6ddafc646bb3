//! The message: which texts, with which values, in which form.

use crate::arena::Arena;
use crate::clean::{login, one_line, person_name, plain_value};
use crate::config::{Channel, Config, UNREACHABLE};
use crate::event::{Event, Kind, Moment};
use crate::html;
use crate::json::{Json, Member, append};
use crate::problems::Problems;
use crate::template::{DOUBLE, Format, Names, SINGLE, Template};

/// The placeholders that every message knows. The last seven say what is true of the user.
const PLACEHOLDERS: &[&str] = &[
    "service_name",
    "url",
    "email_address",
    "phone_number",
    "username",
    "login_id",
    "user_id",
    "name",
    "given_name",
    "family_name",
    "nickname",
    "locale",
    "app_id",
    "custom.*",
    "valid_from",
    "set_password",
    "reset_password",
    "sign_in_code",
    "sign_in_external",
    "ask_password",
    "message",
];

/// The parts of a message: what they print, and the channel that cannot do without.
const PARTS: [(&str, Format, Option<Channel>); 5] = [
    ("subject", Format::Text, Some(Channel::Email)),
    ("text", Format::Marked, Some(Channel::Email)),
    ("html", Format::Html, None),
    ("sms", Format::Text, Some(Channel::Sms)),
    ("button", Format::Text, None),
];

/// A finished message.
#[derive(Debug, Default, PartialEq)]
pub struct Content {
    /// One line.
    pub subject: String,
    /// The text of the mail or the SMS.
    pub text: String,
    /// The whole document; empty for an SMS.
    pub html: String,
}

/// Checks every template of the user's own messages.
pub fn check(config: &Config, problems: &mut Problems) {
    for (name, _) in config.vars().members() {
        if PLACEHOLDERS.iter().any(|known| known == name) || *name == "custom" {
            problems.note(&["vars", name], &["is a placeholder already; choose another name"]);
        }
    }
    for (message, locales) in config.own_messages().members() {
        for (locale, _) in locales.members() {
            for (part, format, channel) in PARTS {
                let path = ["messages", message, locale, part];
                let (source, own) = source(config, message, locale, part);
                if own {
                    for error in with_template(config, source, own, format, |template| template.check()) {
                        problems.note(&path, &[&error.describe()]);
                    }
                }
                let needed = channel.is_some_and(|channel| !config.senders(channel).is_empty());
                if needed && source.is_empty() {
                    problems.note(&path, &["is missing; there are senders that need it"]);
                }
            }
        }
    }
}

/// The invitation or another message of a rule.
///
/// # Errors
/// The path and the fault of a template.
pub fn compose(
    config: &Config,
    event: &Event,
    (message, locale): (&str, &str),
    channel: Channel,
    arena: &Arena,
) -> Result<Content, String> {
    let values = values(config, event, locale, arena);
    Composer { config, message, locale, values: &Json::Object(&values) }.compose(channel)
}

/// The mail to the admin that carries a copy-ready text for a user whom nothing reaches; `inner` is that text.
///
/// # Errors
/// The path and the fault of a template.
pub fn compose_unreachable(
    config: &Config,
    event: &Event,
    inner: &str,
    locale: &str,
    arena: &Arena,
) -> Result<Content, String> {
    let mut values = values(config, event, locale, arena);
    values.push(("message", Json::String(inner)));
    Composer { config, message: UNREACHABLE, locale, values: &Json::Object(&values) }.compose(Channel::Email)
}

struct Composer<'v> {
    config: &'v Config<'v>,
    message: &'v str,
    locale: &'v str,
    values: &'v Json<'v>,
}

impl Composer<'_> {
    fn compose(&self, channel: Channel) -> Result<Content, String> {
        let mut content = Content::default();
        if channel == Channel::Sms {
            content.text = tidy(&self.render("sms", Format::Text)?);
            return Ok(content);
        }
        content.subject = one_line(&self.render("subject", Format::Text)?);
        let marked = tidy(&self.render("text", Format::Marked)?);
        content.html = self.render("html", Format::Html)?;
        if content.html.is_empty() {
            let mut button = self.render("button", Format::Text)?;
            if button.is_empty() {
                button.push_str(self.config.service_name());
            }
            content.html = html::document(&marked, &content.subject, &button, self.locale);
        }
        content.text = html::unmark(&marked);
        Ok(content)
    }

    fn render(&self, part: &str, format: Format) -> Result<String, String> {
        let (source, own) = source(self.config, self.message, self.locale, part);
        with_template(self.config, source, own, format, |template| template.render(self.values)).map_err(|error| {
            let mut problem = String::new();
            append(&mut problem, &["messages.", self.message, ".", self.locale, ".", part, ": ", &error.describe()]);
            problem
        })
    }
}

/// A part's template, and whether it is the user's own.
fn source<'c>(config: &Config<'c>, message: &str, locale: &str, part: &str) -> (&'c str, bool) {
    let [own, built_in] = config.texts(message, locale);
    match own.get(part).as_str() {
        Some(source) => (source, true),
        None => (built_in.get(part).str(), false),
    }
}

/// Does something with a template that knows the names.
fn with_template<T>(config: &Config, source: &str, own: bool, format: Format, act: impl Fn(&Template) -> T) -> T {
    let delimiters = if own && config.double_braces() { DOUBLE } else { SINGLE };
    let mut known = PLACEHOLDERS.to_vec();
    for (name, _) in config.vars().members() {
        known.push(name);
    }
    let trusted = known.get(PLACEHOLDERS.len()..).unwrap_or(&[]);
    let names = Names { strict: config.strict_names(), known: &known, trusted };
    act(&Template { source, delimiters, format, names: Some(names) })
}

fn values<'v>(config: &Config<'v>, event: &Event<'v>, locale: &'v str, arena: &'v Arena) -> Vec<Member<'v>> {
    let mut values = config.vars().members().to_vec();
    let mut put = |name: &'static str, value: &str| values.push((name, Json::String(arena.text(value.to_owned()))));
    put("service_name", config.service_name());
    put("url", config.url());
    put("locale", locale);
    put("user_id", &one_line(event.user_id()));
    put("app_id", &one_line(event.context.get("app_id").str()));
    put("login_id", event.login());
    for (name, kind, attribute) in [
        ("email_address", Kind::Email, "email"),
        ("phone_number", Kind::Phone, "phone_number"),
        ("username", Kind::Username, "preferred_username"),
    ] {
        let value = event.first(kind).map_or(event.attribute(attribute), |identity| identity.typed);
        put(name, login(value).unwrap_or(""));
    }
    for name in ["given_name", "family_name", "nickname"] {
        put(name, &person_name(event.attribute(name)).unwrap_or_default());
    }
    let name = person_name(event.attribute("name")).or_else(|| person_name(event.attribute("given_name")));
    put("name", &name.unwrap_or_default());
    if let Some(from) = Moment::parse(event.user.get("account_valid_from").str())
        && event.timestamp > 0
        && from.seconds > event.timestamp as i64
    {
        put("valid_from", &from.shown());
    }
    values.push(("custom", clean(event.user.get("custom_attributes"), arena)));
    if let Some(fact) = way_in(config, event) {
        values.push((fact, Json::Bool(true)));
    }
    values
}

/// The one thing that the user can do to get in, as far as the event tells.
fn way_in(config: &Config, event: &Event) -> Option<&'static str> {
    let recoverable = event.has(Kind::Email) || event.has(Kind::Phone);
    let has_login = recoverable || event.has(Kind::Username);
    Some(match event.user.get("can_reauthenticate") {
        _ if !has_login && event.has(Kind::OAuth) => "sign_in_external",
        // A code has nowhere to go, and there is no password to ask for.
        _ if config.signs_in_by_code() && !recoverable => return None,
        _ if config.signs_in_by_code() => "sign_in_code",
        // Forgot Password has no channel for a username.
        _ if !recoverable => "ask_password",
        Json::Bool(false) => "set_password",
        _ => "reset_password",
    })
}

/// Custom attributes with every text made plain.
fn clean<'v>(value: &Json<'v>, arena: &'v Arena) -> Json<'v> {
    match *value {
        Json::String(text) => Json::String(arena.text(plain_value(text).unwrap_or_default())),
        Json::Array(items) => Json::Array(arena.list(items.iter().map(|item| clean(item, arena)).collect())),
        Json::Object(members) => {
            Json::Object(arena.list(members.iter().map(|(name, value)| (*name, clean(value, arena))).collect()))
        }
        other => other,
    }
}

/// Trims, and lets paragraphs that came out empty leave no gap.
fn tidy(text: &str) -> String {
    let mut out = String::new();
    let mut breaks = 0;
    for line in text.trim().lines() {
        let line = line.trim_end();
        if line.is_empty() {
            breaks = 2;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if breaks == 2 { "\n\n" } else { "\n" });
        }
        breaks = 1;
        out.push_str(line);
    }
    out
}
