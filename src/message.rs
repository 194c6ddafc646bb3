//! The message: which texts, with which values, in which form.

use std::borrow::Cow;

use crate::clean::{one_line, person_name, plain_value};
use crate::config::{Channel, Config, UNREACHABLE};
use crate::event::{Event, Kind, Moment};
use crate::html;
use crate::json::Json;
use crate::schema::Problems;
use crate::template::{self, Format, Names, Template, is_mark};

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

/// The parts of a message that hold templates.
const PARTS: [&str; 5] = ["subject", "text", "html", "sms", "button"];

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
    let names = known_names(config);
    problems.at("vars", |problems| {
        for (name, _) in config.vars().members() {
            if PLACEHOLDERS.iter().any(|known| known.trim_end_matches(".*") == name) {
                problems.at(name, |problems| problems.note(&["is a placeholder already; choose another name"]));
            }
        }
    });
    for (message, locales) in config.own_messages().members() {
        for (locale, texts) in locales.members() {
            let mut at = |part: &str, note: &mut dyn FnMut(&mut Problems)| {
                problems.at("messages", |p| p.at(message, |p| p.at(locale, |p| p.at(part, |p| note(p)))));
            };
            for part in PARTS {
                if let Some(source) = texts.get(part).as_str()
                    && let Err(errors) = compile(source, part, config, true, &names)
                {
                    at(part, &mut |problems| errors.iter().for_each(|error| problems.note(&[&error.describe()])));
                }
            }
            for (channel, part) in [(Channel::Email, "subject"), (Channel::Email, "text"), (Channel::Sms, "sms")] {
                if !config.senders(channel).is_empty() && source(config, message, locale, part).0.is_empty() {
                    at(part, &mut |problems| problems.note(&["is missing; there are senders that need it"]));
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
    message: &str,
    locale: &str,
    channel: Channel,
) -> Result<Content, Problems> {
    Composer { config, message, locale, values: values(config, event, locale) }.compose(channel)
}

/// The mail to the admin that carries a copy-ready text for a user whom nothing reaches, both locales being given.
///
/// # Errors
/// The path and the fault of a template.
pub fn compose_unreachable(
    config: &Config,
    event: &Event,
    (message, locale): (&str, &str),
    admin_locale: &str,
) -> Result<Content, Problems> {
    let inner = compose(config, event, message, locale, Channel::Email)?;
    let mut values = values(config, event, admin_locale);
    values.push(("message".into(), Json::String(Cow::Owned(inner.text))));
    Composer { config, message: UNREACHABLE, locale: admin_locale, values }.compose(Channel::Email)
}

type Values<'v> = Vec<(Cow<'v, str>, Json<'v>)>;

struct Composer<'v> {
    config: &'v Config<'v>,
    message: &'v str,
    locale: &'v str,
    values: Values<'v>,
}

impl Composer<'_> {
    fn compose(self, channel: Channel) -> Result<Content, Problems> {
        let values = Json::Object(self.values.clone());
        if channel == Channel::Sms {
            let text = self.render("sms", &values, |template| template.render(Format::Text, &values))?;
            return Ok(Content { text: tidy(&text), ..Content::default() });
        }
        let subject = one_line(&self.render("subject", &values, |template| template.render(Format::Text, &values))?);
        let marked = tidy(&self.render("text", &values, |template| template.render_marked(&values))?);
        let own_html =
            self.config.texts(self.message, self.locale).map(|texts| !texts.get("html").is_null()).contains(&true);
        let html = if own_html {
            self.render("html", &values, |template| template.render(Format::Html, &values))?
        } else {
            let button = self.render("button", &values, |template| template.render(Format::Text, &values))?;
            let button = if button.is_empty() { self.config.service_name() } else { button.trim() };
            html::document(&marked, &subject, button, self.locale)
        };
        Ok(Content { subject, text: marked.chars().filter(|c| !is_mark(*c)).collect(), html })
    }

    fn render(
        &self,
        part: &str,
        _values: &Json,
        print: impl Fn(&Template) -> Result<String, template::Overflow>,
    ) -> Result<String, Problems> {
        let (source, own) = source(self.config, self.message, self.locale, part);
        let names = known_names(self.config);
        let printed = match compile(source, part, self.config, own, &names) {
            Ok(template) => print(&template).map_err(|_| "prints more than 256 KiB".to_owned()),
            Err(errors) => Err(errors.first().map(template::Error::describe).unwrap_or_default()),
        };
        printed.map_err(|fault| {
            let mut problems = Problems::default();
            let path = ["messages.", self.message, ".", self.locale, ".", part].concat();
            problems.at(&path, |problems| problems.note(&[&fault]));
            problems
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

fn compile<'t>(
    source: &'t str,
    part: &str,
    config: &Config,
    own: bool,
    known: &[&str],
) -> Result<Template<'t>, Vec<template::Error>> {
    let delimiters = if own && config.double_braces() { template::DOUBLE } else { template::SINGLE };
    let format = if part == "html" { Format::Html } else { Format::Text };
    let trusted: Vec<&str> = config.vars().members().iter().map(|(name, _)| name.as_ref()).collect();
    Template::compile(
        source,
        delimiters,
        format,
        Some(Names { strict: config.strict_names(), known, trusted: &trusted }),
    )
}

fn known_names<'c>(config: &Config<'c>) -> Vec<&'c str> {
    PLACEHOLDERS.iter().copied().chain(config.vars().members().iter().map(|(name, _)| name.as_ref())).collect()
}

fn values<'v>(config: &'v Config, event: &'v Event, locale: &'v str) -> Values<'v> {
    let mut values: Values = config.vars().members().to_vec();
    let mut put = |name: &'static str, value: Cow<'v, str>| values.push((name.into(), Json::String(value)));
    put("service_name", config.service_name().into());
    put("url", config.url().into());
    put("locale", locale.into());
    put("user_id", one_line(event.user_id()).into());
    put("app_id", one_line(event.context.get("app_id").str()).into());
    let login = event.login();
    put("login_id", login.into());
    for (name, kind, attribute) in [
        ("email_address", Kind::Email, "email"),
        ("phone_number", Kind::Phone, "phone_number"),
        ("username", Kind::Username, "preferred_username"),
    ] {
        let value = event.typed(kind).chain([event.attribute(attribute)]).find_map(crate::clean::login);
        put(name, value.unwrap_or("").into());
    }
    for name in ["given_name", "family_name", "nickname"] {
        put(name, person_name(event.attribute(name)).unwrap_or_default().into());
    }
    let name = person_name(event.attribute("name")).or_else(|| person_name(event.attribute("given_name")));
    put("name", name.unwrap_or_default().into());
    let valid_from = Moment::parse(event.user.get("account_valid_from").str());
    let valid_from = valid_from.filter(|from| event.timestamp > 0 && from.seconds > event.timestamp);
    put("valid_from", valid_from.map_or(String::new(), |from| from.shown).into());
    values.push(("custom".into(), clean(event.user.get("custom_attributes"))));
    if let Some(fact) = way_in(config, event) {
        values.push((fact.into(), Json::Bool(true)));
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
fn clean<'v>(value: &Json<'v>) -> Json<'v> {
    match value {
        Json::String(text) => Json::String(plain_value(text).unwrap_or_default().into()),
        Json::Array(items) => Json::Array(items.iter().map(clean).collect()),
        Json::Object(members) => {
            Json::Object(members.iter().map(|(name, value)| (name.clone(), clean(value))).collect())
        }
        other => other.clone(),
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
