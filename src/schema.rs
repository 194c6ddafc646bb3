//! The shapes of the configuration and the one walk that checks a value against them.

use crate::address::{Mailbox, domain_to_ascii, email};
use crate::arena::Arena;
use crate::config::Channel;
use crate::filter::TRIGGERS;
use crate::json::{Json, slice};
use crate::locale::is_locale;
use crate::problems::{ORIGIN, Problems, SECRET, URL, is_origin, is_secret, is_url};
use crate::provider;
use crate::sms::is_sender;
use crate::suggest::suggest;

/// No more digits of a wrong number are told.
const MOST_DIGITS: usize = 20;

/// What a value of the configuration must be.
pub enum Shape {
    /// A string, not empty.
    Text,
    /// A string, not empty, on one line.
    Line,
    /// A string of printable ASCII without spaces, as headers and URLs take it: keys, tokens, ids.
    Token,
    /// A string that nobody can guess.
    Secret,
    /// `true` or `false`.
    Flag,
    /// A number above zero.
    Count,
    /// A whole number above zero.
    Whole,
    /// A level of Authgear's password policy.
    Level,
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
    /// Who sends an SMS.
    SmsSender,
    /// A BCP 47 tag.
    Locale,
    /// A domain.
    Domain,
    /// A list.
    List(&'static Shape),
    /// An object with keys of the user's own.
    Map(&'static Shape),
    /// An object whose keys are BCP 47 tags.
    Locales(&'static Shape),
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

/// The fields of a message's texts.
const TEXTS: &[Field] = &[
    may("subject", Shape::Line),
    may("text", Shape::Text),
    may("html", Shape::Text),
    may("sms", Shape::Text),
    may("button", Shape::Line),
];

const DOMAINS: Shape = Shape::List(&Shape::Domain);
const NAMES: Shape = Shape::List(&Shape::Text);

const WHEN: &[Field] = &[
    may("triggeredBy", Shape::List(&Shape::Choice(TRIGGERS))),
    may("origin", Shape::List(&Shape::Choice(&["portal", "admin_api_direct"]))),
    may("identity", Shape::List(&Shape::Choice(&["email", "phone", "username", "oauth"]))),
    may("emailDomain", Shape::Record(&[may("allow", DOMAINS), may("deny", DOMAINS)])),
    may("clientId", NAMES),
    may("roles", NAMES),
    may("groups", NAMES),
    may("standardAttributes", Shape::Map(&Shape::Scalar)),
    may("customAttributes", Shape::Map(&Shape::Scalar)),
    may("disabled", Shape::Flag),
    may("anonymous", Shape::Flag),
    may("deactivated", Shape::Flag),
];

const RULE: &[Field] = &[
    must("on", Shape::Text),
    may("when", Shape::Record(WHEN)),
    may("message", Shape::Text),
    may("locale", Shape::Locale),
];

/// Who gets signed JSON.
const RECEIVER: &[Field] = &[must("url", Shape::Url), must("secret", Shape::Text)];

const WEBHOOK: &[Field] = &[must("secrets", Shape::List(&Shape::Text)), may("maxAgeSeconds", Shape::Count)];

const ENVELOPE: &[Field] =
    &[must("secrets", Shape::List(&Shape::Secret)), may("placeholders", Shape::List(&Shape::Text))];

const CONFIG: &[Field] = &[
    must("serviceName", Shape::Line),
    must("url", Shape::Url),
    may("email", Shape::List(&Shape::Sender(Channel::Email))),
    may("sms", Shape::List(&Shape::Sender(Channel::Sms))),
    may("rules", Shape::List(&Shape::Record(RULE))),
    may("messages", Shape::Map(&Shape::Locales(&Shape::Record(TEXTS)))),
    may("vars", Shape::Map(&Shape::Text)),
    may("defaultLocale", Shape::Locale),
    may("signIn", Shape::Choice(&["password", "code"])),
    may("channels", Shape::List(&Shape::Choice(&["email", "sms"]))),
    may("oauthEmail", Shape::Flag),
    may("unreachable", Shape::Record(&[must("email", Shape::Address)])),
    may("deadLetter", Shape::Record(RECEIVER)),
    may("receipt", Shape::Record(RECEIVER)),
    may("webhook", Shape::Record(WEBHOOK)),
    may("envelope", Shape::Record(ENVELOPE)),
    may("delimiters", Shape::Choice(&["{ }", "{{ }}"])),
    may("strictNames", Shape::Flag),
    may(
        "delivery",
        Shape::Record(&[
            may("budgetSeconds", Shape::Count),
            may("attemptSeconds", Shape::Count),
            may("attempts", Shape::Count),
        ]),
    ),
];

/// Authgear's password policy, in its own names.
#[cfg(feature = "npm")]
pub const POLICY: &[Field] = &[
    may("min_length", Shape::Whole),
    may("uppercase_required", Shape::Flag),
    may("lowercase_required", Shape::Flag),
    may("alphabet_required", Shape::Flag),
    may("digit_required", Shape::Flag),
    may("symbol_required", Shape::Flag),
    may("minimum_guessable_level", Shape::Level),
    may("excluded_keywords", Shape::List(&Shape::Text)),
    may("history_size", Shape::Anything),
    may("history_days", Shape::Anything),
];

/// How a password is made.
#[cfg(feature = "npm")]
pub const OPTIONS: &[Field] = &[
    may("length", Shape::Whole),
    may("words", Shape::Whole),
    may("symbols", Shape::Text),
    may("noLookAlikes", Shape::Flag),
];

const EMAIL_FIELDS: &[Field] = &[
    must("provider", Shape::Anything),
    must("from", Shape::Mailbox),
    may("replyTo", Shape::Mailbox),
    may("endpoint", Shape::Endpoint),
];
const SMS_FIELDS: &[Field] = &[must("provider", Shape::Anything), may("endpoint", Shape::Endpoint)];
const CUSTOM_FIELDS: &[Field] = &[may("request", Shape::Anything)];

/// Checks a configuration against its shape.
pub fn check(config: &Json, problems: &mut Problems) {
    problems.check(config, &Shape::Record(CONFIG));
}

impl Problems {
    /// Checks a value against its shape.
    pub fn check(&mut self, value: &Json, shape: &Shape) {
        match shape {
            Shape::Record(fields) => self.record(value, &[fields]),
            Shape::Sender(channel) => self.sender(value, *channel),
            Shape::Map(inner) | Shape::Locales(inner) => {
                if !matches!(value, Json::Object(_)) {
                    return self.wrong(value, "an object");
                }
                for (key, value) in value.members() {
                    self.at(key, |problems| {
                        if matches!(shape, Shape::Locales(_)) {
                            problems.text(key, &Shape::Locale);
                        }
                        problems.check(value, inner);
                    });
                }
            }
            Shape::List(inner) => {
                if !matches!(value, Json::Array(_)) {
                    return self.wrong(value, "a list");
                }
                for (i, value) in value.items().iter().enumerate() {
                    self.at_index(i, |problems| problems.check(value, inner));
                }
            }
            Shape::Flag if !matches!(value, Json::Bool(_)) => self.wrong(value, "true or false"),
            Shape::Scalar if value.scalar().is_none() => self.wrong(value, "a string, a number or true or false"),
            Shape::Count if !matches!(value, Json::Number(digits) if !digits.starts_with('-') && *digits != "0") => {
                self.wrong_number(value, "a number above zero");
            }
            Shape::Whole if value.integer() == 0 => self.wrong_number(value, "a whole number above zero"),
            Shape::Level if !matches!(value, Json::Number("0" | "1" | "2" | "3" | "4" | "5")) => {
                self.wrong_number(value, "a whole number from 0 to 5");
            }
            Shape::Flag | Shape::Scalar | Shape::Count | Shape::Whole | Shape::Level | Shape::Anything => {}
            text_shape => match value.as_str() {
                Some("") => self.tell(&["is empty"]),
                Some(text) => self.text(text, text_shape),
                None => self.wrong(value, "a string"),
            },
        }
    }

    fn record(&mut self, value: &Json, fields: &[&'static [Field]]) {
        if !matches!(value, Json::Object(_)) {
            return self.wrong(value, "an object");
        }
        let all = || fields.iter().flat_map(|fields| fields.iter());
        let keys = || all().flat_map(|field| field.name.split('|'));
        for (key, value) in value.members() {
            self.at(key, |problems| match all().find(|field| field.name.split('|').any(|name| name == *key)) {
                Some(field) if !value.is_null() => problems.check(value, &field.shape),
                Some(_) => {}
                None => match suggest(key, &keys().collect::<Vec<_>>()) {
                    Some(close) => problems.tell(&["unknown key; did you mean ", close, "?"]),
                    None => problems.tell(&["unknown key; the keys are ", &keys().collect::<Vec<_>>().join(", ")]),
                },
            });
        }
        for field in all() {
            let given = field.name.split('|').filter(|name| !value.get(name).is_null()).count();
            if given > 1 {
                self.tell(&["has both of ", &field.name.replace('|', " and "), "; leave one out"]);
            } else if given == 0 && field.required {
                self.at(&field.name.replace('|', " or "), |problems| problems.tell(&["is missing"]));
            }
        }
    }

    fn sender(&mut self, value: &Json, channel: Channel) {
        let common = match channel {
            Channel::Email => EMAIL_FIELDS,
            Channel::Sms => SMS_FIELDS,
        };
        let name = value.text("provider");
        let providers = provider::all(channel);
        if name == "custom" {
            return self.record(value, &[common, CUSTOM_FIELDS]);
        }
        if let Some(provider) = providers.iter().find(|provider| provider.name == name) {
            return self.record(value, &[common, provider.options]);
        }
        let mut names: Vec<&str> = providers.iter().map(|provider| provider.name).collect();
        names.push("custom");
        self.at("provider", |problems| match suggest(name, &names) {
            Some(close) => problems.tell(&["unknown provider; did you mean ", close, "?"]),
            None => problems.tell(&["the providers are ", &names.join(", ")]),
        });
    }

    fn wrong_number(&mut self, value: &Json, expected: &str) {
        match value {
            Json::Number(digits) => self.tell(&["must be ", expected, ", not ", slice(digits, 0, MOST_DIGITS)]),
            _ => self.wrong(value, expected),
        }
    }

    fn wrong(&mut self, value: &Json, expected: &str) {
        let given = match value {
            Json::Null => "nothing",
            Json::Bool(_) => "true or false",
            Json::Number(_) => "a number",
            Json::String(_) => "a string",
            Json::Array(_) => "a list",
            Json::Object(_) => "an object",
        };
        self.tell(&["must be ", expected, ", not ", given]);
    }

    fn text(&mut self, text: &str, shape: &Shape) {
        let arena = &Arena::default();
        match shape {
            Shape::Line if text.chars().any(char::is_control) => self.tell(&["must be one line"]),
            Shape::Token if !text.bytes().all(|b| b.is_ascii_graphic()) => {
                self.tell(&["must be plain ASCII without spaces; a line break or a space may have been copied along"]);
            }
            Shape::Choice(choices) if !choices.contains(&text) => match suggest(text, choices) {
                Some(close) => self.tell(&["must be one of ", &choices.join(", "), "; did you mean ", close, "?"]),
                None => self.tell(&["must be one of ", &choices.join(", ")]),
            },
            Shape::Secret if !is_secret(text) => self.tell(&[SECRET]),
            Shape::Url if !is_url(text) => self.tell(&[URL]),
            Shape::Endpoint if !is_origin(text) => self.tell(&[ORIGIN]),
            Shape::Address if email(text, arena).is_none() => self.tell(&["must be one e-mail address"]),
            Shape::Mailbox if Mailbox::parse(text, arena).is_none() => {
                self.tell(&[
                    "must be an e-mail address, or a name and the address in <>: Acme <no-reply@acme.example>",
                ]);
            }
            Shape::SmsSender if !is_sender(text) => {
                self.tell(&["must be a phone number with +, a short code, or a name of at most 11 letters and digits"]);
            }
            Shape::Locale if !is_locale(text) => self.tell(&["must be a BCP 47 tag like en or zh-Hant"]),
            Shape::Domain if domain_to_ascii(text, arena).is_none() => {
                self.tell(&["must be a domain like acme.example"])
            }
            _ => {}
        }
    }
}
