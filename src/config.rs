//! The configuration: its shape, its defaults, and what must hold across its parts.

use crate::arena::Arena;
use crate::envelope::Seals;
use crate::json::{Json, decimal, find, join, starts_at};
use crate::locale::{is_locale, lookup};
use crate::problems::Problems;

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Channel {
    /// E-mail.
    Email,
    /// SMS.
    Sms,
}

impl Channel {
    /// The name in configurations and decisions.
    pub fn name(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Sms => "sms",
        }
    }
}

/// What is wrong with a configuration that can send nothing.
pub const LACKS_SENDERS: &str = "has no sender; give one in email or in sms";

/// What is wrong with a message that not every user could get.
pub const LACKS_DEFAULT: &str = "has no text in the default locale; add one, or set defaultLocale";

/// The message for the admin about a user whom nothing reaches.
pub const UNREACHABLE: &str = "unreachable";

/// The message that carries a password. No event leads to it.
pub const PASSWORD: &str = "password";

/// A configuration with the built-in texts of the chosen locales.
pub struct Config<'c> {
    /// The configuration as it stands.
    pub json: &'c Json<'c>,
    /// The built-in texts, by locale and message.
    pub built_in: &'c Json<'c>,
    /// Where the decision's own texts live.
    pub arena: &'c Arena,
    /// Whether it was found to be sound before.
    pub checked: bool,
    /// What tells whether an envelope is sound.
    pub seals: Seals<'c>,
}

impl<'c> Config<'c> {
    /// Notes everything that is wrong in shape, and across the parts; templates are checked by
    /// [`crate::message::Composer::check`].
    pub fn check(&self, problems: &mut Problems) {
        if self.checked {
            return;
        }
        #[cfg(feature = "schema")]
        crate::schema::check(self.json, problems);
        self.check_parts(problems);
    }

    fn check_parts(&self, problems: &mut Problems) {
        let email = self.senders(Channel::Email);
        #[cfg(not(feature = "schema"))]
        self.check_addresses(problems);
        if email.is_empty() && self.senders(Channel::Sms).is_empty() {
            // Beside a wrong shape of these this would only repeat it.
            let is_told = |problem: &String| {
                starts_at(problem, "config", 0) || starts_at(problem, "email", 0) || starts_at(problem, "sms", 0)
            };
            if !problems.list.iter().any(is_told) {
                note(problems, "", "", LACKS_SENDERS);
            }
        } else if email.is_empty() && self.admin().is_some() {
            note(problems, "", "unreachable", "needs a sender in email");
        }
        if matches!(self.json.path("envelope.secrets"), Json::Array([])) {
            note(problems, "envelope", "secrets", "is empty; give one");
        }
        for (i, rule) in self.rules().iter().enumerate() {
            self.check_rule(item("rules", i, self.arena), rule, problems);
        }
    }

    /// What the shape says of text, and types cannot.
    #[cfg(not(feature = "schema"))]
    fn check_addresses(&self, problems: &mut Problems) {
        use crate::address::{Mailbox, email};
        use crate::problems::{ORIGIN, SECRET, URL, is_origin, is_secret, is_url};

        for key in ["url", "deadLetter.url", "receipt.url"] {
            let url = self.json.path(key);
            if !url.is_null() && !is_url(url.str()) {
                note(problems, "", key, URL);
            }
        }
        if self.admin().is_some_and(|admin| email(admin, self.arena).is_none()) {
            note(problems, "", "unreachable.email", "must be one e-mail address");
        }
        for (i, secret) in self.json.path("envelope.secrets").items().iter().enumerate() {
            if !is_secret(secret.str()) {
                note(problems, item("envelope.secrets", i, self.arena), "", SECRET);
            }
        }
        for channel in [Channel::Email, Channel::Sms] {
            for (i, sender) in self.senders(channel).iter().enumerate() {
                let path = item(channel.name(), i, self.arena);
                let endpoint = sender.get("endpoint");
                if !endpoint.is_null() && !is_origin(endpoint.str()) {
                    note(problems, path, "endpoint", ORIGIN);
                }
                for key in ["from", "replyTo"] {
                    let mailbox = sender.get(key);
                    let due = channel == Channel::Email && !(mailbox.is_null() && key == "replyTo");
                    if due && Mailbox::parse(mailbox.str(), self.arena).is_none() {
                        note(problems, path, key, "must be like Acme <no-reply@acme.example>");
                    }
                }
            }
        }
    }

    fn check_rule(&self, path: &str, rule: &Json, problems: &mut Problems) {
        let (message, locale) = (message_of(rule), rule.get("locale"));
        if is_blocking(type_of(rule)) {
            note(problems, path, "on", "is a blocking event, which waits for this hook; name one like user.created");
        }
        let locales = self.locales(message);
        #[cfg(feature = "npm")]
        if message == PASSWORD {
            note(
                problems,
                path,
                "message",
                "is for accounts made by the command, and no event holds a password; use invite",
            );
        }
        if locales.is_empty() {
            note(problems, path, "message", "there is no such message in messages");
        } else if lookup(self.default_locale(), locales).is_none() && !self.has_odd_locale() {
            note(problems, path, "message", LACKS_DEFAULT);
        }
        if !locale.is_null() && lookup(locale.str(), locales).is_none() {
            note(problems, path, "locale", "the message has no text in it");
        }
        for state in ["when.disabled", "when.deactivated"] {
            if rule.path(state).is_true() && self.get("messages").get(message).is_null() {
                note(
                    problems,
                    path,
                    state,
                    "such users cannot sign in as the built-in text says; name a message of your own",
                );
            }
        }
    }

    /// Whether the default locale is no tag at all, which the shape has told.
    fn has_odd_locale(&self) -> bool {
        cfg!(feature = "schema") && !is_locale(self.default_locale())
    }

    /// One of its keys.
    pub fn get(&self, key: &str) -> &'c Json<'c> {
        self.json.get(key)
    }

    /// The text of one of its keys.
    pub fn text(&self, key: &str) -> &'c str {
        self.json.text(key)
    }

    /// The senders of a channel, in order.
    pub fn senders(&self, channel: Channel) -> &'c [Json<'c>] {
        self.get(channel.name()).items()
    }

    /// The rules, in order; without any, the one default rule.
    pub fn rules(&self) -> &'c [Json<'c>] {
        let given = self.get("rules");
        if given.is_null() { &[Json::Null] } else { given.items() }
    }

    /// The channels in order of preference.
    pub fn channels(&self) -> &'static [Channel] {
        use Channel::{Email, Sms};
        match self.get("channels").items() {
            [only] if only.str() == "sms" => &[Sms],
            [_] => &[Email],
            [first, ..] if first.str() == "sms" => &[Sms, Email],
            _ => &[Email, Sms],
        }
    }

    /// The locales that a message has, the user's own first.
    pub fn locales(&self, message: &str) -> &'c [&'c str] {
        let mut locales = Vec::new();
        for (locale, _) in self.get("messages").get(message).members() {
            locales.push(*locale);
        }
        for (locale, texts) in self.built_in.members() {
            if !texts.get(message).is_null() {
                locales.push(*locale);
            }
        }
        self.arena.list(locales)
    }

    /// The locale when nothing else is known.
    pub fn default_locale(&self) -> &'c str {
        self.get("defaultLocale").as_str().unwrap_or("en")
    }

    /// Who hears of users whom nothing reaches.
    pub fn admin(&self) -> Option<&'c str> {
        self.get("unreachable").get("email").as_str()
    }
}

/// The event type that a rule is for.
pub fn type_of<'c>(rule: &Json<'c>) -> &'c str {
    rule.get("on").as_str().unwrap_or("user.created")
}

/// The name of the message that a rule sends.
pub fn message_of<'c>(rule: &Json<'c>) -> &'c str {
    rule.get("message").as_str().unwrap_or("invite")
}

fn note(problems: &mut Problems, path: &str, key: &str, what: &str) {
    problems.note(&[path, key], what);
}

/// The path of a list's item: `rules[0]`.
pub fn item<'a>(list: &str, index: usize, arena: &'a Arena) -> &'a str {
    let mut path = join(&[list, "["]);
    decimal(&mut path, index);
    path.push(']');
    arena.text(path)
}

/// Whether Authgear waits for this event's answer.
pub fn is_blocking(kind: &str) -> bool {
    starts_at(kind, "authentication.", 0) || starts_at(kind, "pre_", 0) || find(kind, ".pre_", 0) < kind.len()
}
