//! What the placeholders of a message stand for.

use crate::clean::{login, one_line, person_name, plain_value};
use crate::config::Config;
use crate::event::{Event, Kind};
use crate::json::{Json, Member};

/// The placeholders that every message knows. Of the last five at most one is true: what the user can do to
/// get in.
pub const PLACEHOLDERS: &[&str] = &[
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
    "inviter",
    "locale",
    "app_id",
    "custom.*",
    "message",
    "valid_from",
    "set_password",
    "reset_password",
    "sign_in_code",
    "sign_in_external",
    "ask_password",
];

/// What each kind of login ID is for a template.
const LOGINS: &[(&str, Kind)] =
    &[("email_address", Kind::Email), ("phone_number", Kind::Phone), ("username", Kind::Username)];

/// The placeholders that are standard attributes of the same name.
const NAMES: &[&str] = &["name", "given_name", "family_name", "nickname"];

/// The values of the placeholders, the configuration's own before the others. What an envelope says of the user wins over
/// the user's attributes, and is cleaned like them: it may come from somebody's list.
pub fn values<'v>(config: &Config<'v>, event: &Event<'v>, envelope: &Json<'v>, locale: &'v str) -> Vec<Member<'v>> {
    let arena = config.arena;
    let mut values = Vec::new();
    for member in config.get("vars").members() {
        values.push(*member);
    }
    for (name, value) in envelope.get("values").members() {
        put(&mut values, name, plain_value(value.str(), arena).unwrap_or(""));
    }
    put(&mut values, "service_name", config.text("serviceName"));
    put(&mut values, "url", config.text("url"));
    put(&mut values, "locale", locale);
    put(&mut values, "user_id", one_line(event.user_id(), arena));
    put(&mut values, "app_id", one_line(event.context.text("app_id"), arena));
    put(&mut values, "login_id", event.login());
    for (name, kind) in LOGINS {
        let typed = event.first(*kind).map_or(event.attribute(kind.claim()), |identity| identity.typed);
        put(&mut values, name, login(typed).unwrap_or(""));
    }
    let person = |name| person_name(envelope.text(name), arena).or_else(|| person_name(event.attribute(name), arena));
    for name in NAMES {
        let mut text = person(name);
        if text.is_none() && *name == "name" {
            text = person("given_name");
        }
        put(&mut values, name, text.unwrap_or(""));
    }
    put(&mut values, "inviter", person_name(envelope.text("inviter"), arena).unwrap_or(""));
    if let Some(valid_from) = event.starts() {
        put(&mut values, "valid_from", arena.text(valid_from.shown()));
    }
    let mut custom = Vec::new();
    for (name, value) in event.user.get("custom_attributes").members() {
        // Authgear's custom attributes are flat; what is not would escape the cleaning.
        let value = match value {
            Json::String(text) => Json::String(plain_value(text, arena).unwrap_or("")),
            Json::Array(_) | Json::Object(_) => Json::Null,
            flat => *flat,
        };
        custom.push((*name, value));
    }
    values.push(("custom", Json::Object(arena.list(custom))));
    values.push((way_in(config, event).unwrap_or(""), Json::Bool(true)));
    values
}

/// Appends a value.
pub fn put<'v>(values: &mut Vec<Member<'v>>, name: &'v str, text: &'v str) {
    values.push((name, Json::String(text)));
}

/// The one thing that the user can do to get in, as far as the event tells; `None` when there is none.
pub fn way_in(config: &Config, event: &Event) -> Option<&'static str> {
    let by_code = config.text("signIn") == "code";
    // Events of the user alone name no identity, and the attributes are copies of them.
    let unnamed = event.identities.is_empty() && event.attribute("preferred_username").is_empty();
    if !event.has(Kind::Email) && !event.has(Kind::Phone) && !unnamed {
        return match by_code {
            _ if event.has(Kind::OAuth) && !event.has(Kind::Username) => Some("sign_in_external"),
            // A code has nowhere to go, and there is no password to ask for.
            true => None,
            // Forgot Password has no channel for a username.
            false => Some("ask_password"),
        };
    }
    Some(match event.user.get("can_reauthenticate") {
        _ if by_code => "sign_in_code",
        Json::Bool(false) => "set_password",
        _ => "reset_password",
    })
}
