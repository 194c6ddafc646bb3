//! The shapes of the configuration and the one walk that checks a value against them.

use crate::address::{Email, Mailbox, domain_to_ascii};
use crate::config::Channel;
use crate::json::{Json, decimal};
use crate::locale::is_locale;
use crate::provider;
use crate::suggest::suggest;

/// What a value of the configuration must be.
pub enum Shape {
    /// A string, not empty.
    Text,
    /// A string, not empty, on one line.
    Line,
    /// A string of printable ASCII without spaces, as headers and URLs take it: keys, tokens, ids.
    Token,
    /// `true` or `false`.
    Flag,
    /// A number above zero.
    Count,
    /// A string, a number or a boolean.
    Scalar,
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// An `https` URL, or `http` to this machine.
    Url,
    /// Scheme, host and port of such a URL.
    Endpoint,
    /// One e-mail address.
    Address,
    /// An e-mail address, with or without a name.
    Mailbox,
    /// A BCP 47 tag.
    Locale,
    /// A domain.
    Domain,
    /// A list.
    List(&'static Shape),
    /// An object with keys of the user's own.
    Map(&'static Shape),
    /// An object with known keys.
    Record(&'static [Field]),
    /// A sender of a channel, whose keys depend on its `provider`.
    Sender(Channel),
    /// Left to TypeScript: a function never reaches this side.
    Anything,
}

/// One key of a record. A name like `from|messagingServiceSid` asks for exactly one of the two.
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What it must be.
    pub shape: Shape,
}

/// A key that must be there.
pub const fn must(name: &'static str, shape: Shape) -> Field {
    Field { name, required: true, shape }
}

/// A key that may be there.
pub const fn may(name: &'static str, shape: Shape) -> Field {
    Field { name, required: false, shape }
}

const EMAIL_FIELDS: &[Field] = &[
    must("provider", Shape::Anything),
    must("from", Shape::Mailbox),
    may("replyTo", Shape::Mailbox),
    may("endpoint", Shape::Endpoint),
];
const SMS_FIELDS: &[Field] = &[must("provider", Shape::Anything), may("endpoint", Shape::Endpoint)];
const CUSTOM_FIELDS: &[Field] = &[may("request", Shape::Anything)];

/// What is wrong in a configuration: each with its path, what is wrong, and what would be right. No value is repeated,
/// since it may be a secret.
#[derive(Default)]
pub struct Problems {
    path: String,
    /// `path: what; remedy`
    pub list: Vec<String>,
}

impl Problems {
    /// Notes a problem at the current path.
    pub fn note(&mut self, parts: &[&str]) {
        let path = if self.path.is_empty() { "config" } else { &self.path };
        self.list.push([path, ": ", &parts.concat()].concat());
    }

    /// Notes a problem at a path below the current one.
    pub fn note_at(&mut self, steps: &[&str], parts: &[&str]) {
        let length = self.path.len();
        for step in steps {
            self.step(step);
        }
        self.note(parts);
        self.path.truncate(length);
    }

    fn step(&mut self, step: &str) {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(step);
    }

    /// Does something one step deeper in the path.
    pub fn at(&mut self, step: &str, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.step(step);
        check(self);
        self.path.truncate(length);
    }

    /// Does something for one item of a list.
    pub fn at_index(&mut self, index: usize, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push('[');
        decimal(&mut self.path, index);
        self.path.push(']');
        check(self);
        self.path.truncate(length);
    }

    /// Checks a value against its shape.
    pub fn check(&mut self, value: Json, shape: &Shape) {
        match shape {
            Shape::Record(fields) => self.record(value, &[fields]),
            Shape::Sender(channel) => self.sender(value, *channel),
            Shape::Map(inner) => {
                if !matches!(value, Json::Object(_)) {
                    return self.wrong(value, "an object");
                }
                for &(key, value) in value.members() {
                    self.at(key, |problems| problems.check(value, inner));
                }
            }
            Shape::List(inner) => {
                if !matches!(value, Json::Array(_)) {
                    return self.wrong(value, "a list");
                }
                for (i, &value) in value.items().iter().enumerate() {
                    self.at_index(i, |problems| problems.check(value, inner));
                }
            }
            Shape::Flag if !matches!(value, Json::Bool(_)) => self.wrong(value, "true or false"),
            Shape::Scalar if value.scalar().is_none() => self.wrong(value, "a string, a number or true or false"),
            Shape::Count if !matches!(value, Json::Number(digits) if !digits.starts_with('-') && digits != "0") => {
                self.wrong(value, "a number above zero");
            }
            Shape::Flag | Shape::Scalar | Shape::Count | Shape::Anything => {}
            text_shape => match value.as_str() {
                Some("") => self.note(&["is empty"]),
                Some(text) => self.text(text, text_shape),
                None => self.wrong(value, "a string"),
            },
        }
    }

    fn record(&mut self, value: Json, fields: &[&'static [Field]]) {
        if !matches!(value, Json::Object(_)) {
            return self.wrong(value, "an object");
        }
        let all = || fields.iter().flat_map(|fields| fields.iter());
        let keys = || all().flat_map(|field| field.name.split('|'));
        for &(key, value) in value.members() {
            self.at(key, |problems| match all().find(|field| field.name.split('|').any(|name| name == key)) {
                Some(field) if !value.is_null() => problems.check(value, &field.shape),
                Some(_) => {}
                None => match suggest(key, keys()) {
                    Some(close) => problems.note(&["unknown key; did you mean ", close, "?"]),
                    None => problems.note(&["unknown key; the keys are ", &keys().collect::<Vec<_>>().join(", ")]),
                },
            });
        }
        for field in all() {
            let given = field.name.split('|').filter(|name| !value.get(name).is_null()).count();
            if given > 1 {
                self.note(&["has both of ", &field.name.replace('|', " and "), "; leave one out"]);
            } else if given == 0 && field.required {
                self.at(&field.name.replace('|', " or "), |problems| problems.note(&["is missing"]));
            }
        }
    }

    fn sender(&mut self, value: Json, channel: Channel) {
        let common = match channel {
            Channel::Email => EMAIL_FIELDS,
            Channel::Sms => SMS_FIELDS,
        };
        let name = value.get("provider").str();
        let providers = provider::all(channel);
        if name == "custom" {
            return self.record(value, &[common, CUSTOM_FIELDS]);
        }
        if let Some(provider) = providers.iter().find(|provider| provider.name == name) {
            return self.record(value, &[common, provider.options]);
        }
        let mut names: Vec<&str> = providers.iter().map(|provider| provider.name).collect();
        names.push("custom");
        self.at("provider", |problems| match suggest(name, names.iter().copied()) {
            Some(close) => problems.note(&["unknown provider; did you mean ", close, "?"]),
            None => problems.note(&["the providers are ", &names.join(", ")]),
        });
    }

    fn wrong(&mut self, value: Json, expected: &str) {
        let given = match value {
            Json::Null => "nothing",
            Json::Bool(_) => "true or false",
            Json::Number(_) => "a number",
            Json::String(_) => "a string",
            Json::Array(_) => "a list",
            Json::Object(_) => "an object",
        };
        self.note(&["must be ", expected, ", not ", given]);
    }

    fn text(&mut self, text: &str, shape: &Shape) {
        match shape {
            Shape::Line if text.chars().any(char::is_control) => self.note(&["must be one line"]),
            Shape::Token if !text.bytes().all(|b| b.is_ascii_graphic()) => {
                self.note(&["must be plain ASCII without spaces; a line break or a space may have been copied along"]);
            }
            Shape::Choice(choices) if !choices.contains(&text) => match suggest(text, choices.iter().copied()) {
                Some(close) => self.note(&["did you mean ", close, "?"]),
                None => self.note(&["must be one of ", &choices.join(", ")]),
            },
            Shape::Url if !is_url(text) => {
                self.note(&["must be a URL that starts with https:// (http:// only to this machine)"])
            }
            Shape::Endpoint if !is_url(text) || text.matches('/').count() > 2 || text.contains(['?', '#', '@']) => {
                self.note(&[
                    "must be https:// and a host (http:// only to this machine), with a port or not, without a path",
                ]);
            }
            Shape::Address if Email::parse(text).is_none() => self.note(&["must be one e-mail address"]),
            Shape::Mailbox if Mailbox::parse(text).is_none() => {
                self.note(&[
                    "must be an e-mail address, or a name and the address in <>: Acme <no-reply@acme.example>",
                ]);
            }
            Shape::Locale if !is_locale(text) => self.note(&["must be a BCP 47 tag like en or zh-Hant"]),
            Shape::Domain if domain_to_ascii(text).is_none() => self.note(&["must be a domain like acme.example"]),
            _ => {}
        }
    }
}

/// Whether this is an `https` URL, or an `http` one to the machine itself.
pub fn is_url(text: &str) -> bool {
    let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return false,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = if authority.starts_with('[') {
        authority.split_inclusive(']').next().unwrap_or("")
    } else {
        authority.split(':').next().unwrap_or("")
    };
    let graphic =
        text.chars().all(|c| c > ' ' && !c.is_control() && !matches!(c, '"' | '<' | '>' | '\\' | '`' | '{' | '}'));
    graphic && !host.is_empty() && (secure || matches!(host, "localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        for good in [
            "https://acme.example",
            "https://acme.example:8443/a?b#c",
            "http://localhost:1",
            "http://127.0.0.1:8025/",
            "http://[::1]:80/x",
        ] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "",
            "acme.example",
            "http://acme.example",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "https://",
            "https:///x",
            "ftp://acme.example",
            "javascript:alert(1)",
            "https://a b.example",
            "https://a.example/\"onclick",
            "http://localhost@evil.example",
        ] {
            assert!(!is_url(bad), "{bad}");
        }
    }
}
