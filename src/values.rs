//! What the placeholders of a message stand for.

use crate::arena::Arena;
use crate::clean::{login, one_line, person_name, plain_value};
use crate::config::Config;
use crate::event::{Event, Kind, Moment};
use crate::json::{Json, Member};

/// The placeholders that every message knows. Of the last five exactly one is true at most: what the user can do to
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

/// The values of the placeholders, the user's own before the others.
pub fn values<'v>(config: &Config<'v>, event: &Event<'v>, locale: &'v str, arena: &'v Arena) -> Vec<Member<'v>> {
    let mut values = config.vars().members().to_vec();
    let mut put = |name: &'static str, text: &'v str| values.push((name, Json::String(text)));
    put("service_name", config.service_name());
    put("url", config.url());
    put("locale", locale);
    put("user_id", arena.text(one_line(event.user_id())));
    put("app_id", arena.text(one_line(event.context.get("app_id").str())));
    put("login_id", event.login());
    for (name, kind, attribute) in [
        ("email_address", Kind::Email, "email"),
        ("phone_number", Kind::Phone, "phone_number"),
        ("username", Kind::Username, "preferred_username"),
    ] {
        let typed = event.first(kind).map_or_else(|| event.attribute(attribute), |identity| identity.typed);
        put(name, login(typed).unwrap_or(""));
    }
    let mut full_name = "";
    for name in ["given_name", "family_name", "nickname", "name"] {
        let text = arena.text(person_name(event.attribute(name)).unwrap_or_default());
        if name == "given_name" {
            full_name = text;
        }
        put(name, if name == "name" && text.is_empty() { full_name } else { text });
    }
    let valid_from = Moment::parse(event.user.get("account_valid_from").str());
    if valid_from.seconds > event.timestamp && event.timestamp > 0 {
        put("valid_from", arena.text(valid_from.shown()));
    }
    let mut custom = Vec::new();
    for (name, value) in event.user.get("custom_attributes").members() {
        let value = match value {
            Json::String(text) => Json::String(arena.text(plain_value(text).unwrap_or_default())),
            other => *other,
        };
        custom.push((*name, value));
    }
    values.push(("custom", Json::Object(arena.list(custom))));
    values.push((way_in(config, event), Json::Bool(true)));
    values
}

/// The one thing that the user can do to get in, as far as the event tells.
fn way_in(config: &Config, event: &Event) -> &'static str {
    let recoverable = event.has(Kind::Email) || event.has(Kind::Phone);
    let external = event.has(Kind::OAuth) && !event.has(Kind::Username);
    match event.user.get("can_reauthenticate") {
        _ if !recoverable && external => "sign_in_external",
        // A code has nowhere to go, and there is no password to ask for.
        _ if !recoverable && config.signs_in_by_code() => "",
        // Forgot Password has no channel for a username.
        _ if !recoverable => "ask_password",
        _ if config.signs_in_by_code() => "sign_in_code",
        Json::Bool(false) => "set_password",
        _ => "reset_password",
    }
}
