//! The configuration: its shape, its defaults, and what must hold across its parts.

use crate::address::Mailbox;
use crate::json::Json;
use crate::locale::lookup;
use crate::problems::{Problems, is_url};

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

/// The message that a rule sends when it names none.
pub const INVITE: &str = "invite";
/// The message for the admin about a user whom nothing reaches.
pub const UNREACHABLE: &str = "unreachable";

/// A configuration with the built-in texts of the chosen locales.
pub struct Config<'c> {
    json: &'c Json<'c>,
    built_in: &'c Json<'c>,
}

/// One rule.
#[derive(Clone, Copy)]
pub struct Rule<'c>(pub &'c Json<'c>);

impl<'c> Config<'c> {
    /// A view; nothing is checked yet.
    pub fn new(json: &'c Json<'c>, built_in: &'c Json<'c>) -> Self {
        Config { json, built_in }
    }

    /// Notes everything that is wrong in shape, and across the parts; templates are checked by
    /// [`crate::message::Composer::check`].
    pub fn check(&self, problems: &mut Problems) {
        #[cfg(feature = "schema")]
        crate::schema::check(self.json, problems);
        if problems.list.is_empty() {
            self.check_parts(problems);
        }
    }

    fn check_parts(&self, problems: &mut Problems) {
        let [email, sms] = [self.senders(Channel::Email), self.senders(Channel::Sms)];
        if email.is_empty() && sms.is_empty() {
            problems.note(&[], &["has no sender; give one in email or in sms"]);
        }
        if !is_url(self.url()) {
            problems.note(&["url"], &["must be a URL that starts with https:// (http:// only to this machine)"]);
        }
        for (i, sender) in email.iter().enumerate() {
            if Mailbox::parse(sender.get("from").str()).is_none() {
                problems.at_index("email", i, |problems| {
                    problems.note(&["from"], &["must be like Acme <no-reply@acme.example>"])
                });
            }
        }
        if email.is_empty() && self.unreachable().is_some() {
            problems.note(&["unreachable"], &["needs a sender in email"]);
        }
        for (i, rule) in self.rules().iter().enumerate() {
            problems.at_index("rules", i, |problems| self.check_rule(Rule(rule), problems));
        }
    }

    fn check_rule(&self, rule: Rule, problems: &mut Problems) {
        if is_blocking(rule.on()) {
            problems.note(&["on"], &["is a blocking event, which waits for this hook; name one like user.created"]);
        }
        let locales = self.locales(rule.message());
        if locales.is_empty() {
            problems.note(&["message"], &["there is no such message in messages"]);
        } else if lookup(self.default_locale(), &locales).is_none() {
            problems.note(&["message"], &["has no text in the default locale; add one, or set defaultLocale"]);
        }
        if rule.locale().is_some_and(|locale| lookup(locale, &locales).is_none()) {
            problems.note(&["locale"], &["the message has no text in it"]);
        }
        let own = !self.json.get("messages").get(rule.message()).is_null();
        for include in ["disabled", "deactivated"] {
            if rule.when().get(include).is_true() && !own {
                problems.note(
                    &["when", include],
                    &["such users cannot sign in as the built-in text says; name a message of your own"],
                );
            }
        }
    }

    /// The name of the site.
    pub fn service_name(&self) -> &'c str {
        self.json.get("serviceName").str()
    }

    /// Where users sign in.
    pub fn url(&self) -> &'c str {
        self.json.get("url").str()
    }

    /// The senders of a channel, in order.
    pub fn senders(&self, channel: Channel) -> &'c [Json<'c>] {
        self.json.get(channel.name()).items()
    }

    /// The rules, in order; without any, the one default rule.
    pub fn rules(&self) -> &'c [Json<'c>] {
        let given = self.json.get("rules").items();
        if given.is_empty() { &[Json::Null] } else { given }
    }

    /// The channels in order of preference.
    pub fn channels(&self) -> [Option<Channel>; 2] {
        let sms_first = self.json.get("channels").path("0").str() == "sms";
        let both = self.json.get("channels").items().len() != 1;
        let (first, second) = if sms_first { (Channel::Sms, Channel::Email) } else { (Channel::Email, Channel::Sms) };
        [Some(first), both.then_some(second)]
    }

    /// The texts of a message in a locale: the user's own, and the built-in ones behind them.
    pub fn texts(&self, message: &str, locale: &str) -> [&'c Json<'c>; 2] {
        [self.json.get("messages").get(message).get(locale), self.built_in.get(locale).get(message)]
    }

    /// The locales that a message has, the user's own first.
    pub fn locales(&self, message: &str) -> Vec<&'c str> {
        let mut locales = Vec::new();
        for (locale, _) in self.json.get("messages").get(message).members() {
            locales.push(*locale);
        }
        for (locale, texts) in self.built_in.members() {
            if !texts.get(message).is_null() {
                locales.push(*locale);
            }
        }
        locales
    }

    /// The names of all messages that the user wrote.
    pub fn own_messages(&self) -> &'c Json<'c> {
        self.json.get("messages")
    }

    /// The user's own placeholders.
    pub fn vars(&self) -> &'c Json<'c> {
        self.json.get("vars")
    }

    /// The locale when nothing else is known.
    pub fn default_locale(&self) -> &'c str {
        self.json.get("defaultLocale").as_str().unwrap_or("en")
    }

    /// Whether users sign in with a code because the project has no passwords.
    pub fn signs_in_by_code(&self) -> bool {
        self.json.get("signIn").str() == "code"
    }

    /// Whether to send to the address of an OAuth identity.
    pub fn oauth_email(&self) -> bool {
        self.json.get("oauthEmail").is_true()
    }

    /// Who hears of users whom nothing reaches.
    pub fn unreachable(&self) -> Option<&'c str> {
        self.json.get("unreachable").get("email").as_str()
    }

    /// Whether the user's own templates have double braces.
    pub fn double_braces(&self) -> bool {
        self.json.get("delimiters").str() == "{{ }}"
    }

    /// Whether an unknown placeholder is an error.
    pub fn strict_names(&self) -> bool {
        !matches!(self.json.get("strictNames"), Json::Bool(false))
    }
}

impl<'c> Rule<'c> {
    /// The event type.
    pub fn on(&self) -> &'c str {
        self.0.get("on").as_str().unwrap_or("user.created")
    }

    /// The conditions.
    pub fn when(&self) -> &'c Json<'c> {
        self.0.get("when")
    }

    /// The message's name.
    pub fn message(&self) -> &'c str {
        self.0.get("message").as_str().unwrap_or(INVITE)
    }

    /// The locale for users who have none of their own.
    pub fn locale(&self) -> Option<&'c str> {
        self.0.get("locale").as_str()
    }
}

/// Whether Authgear waits for this event's answer.
pub fn is_blocking(kind: &str) -> bool {
    kind.starts_with("authentication.") || kind.split('.').any(|part| part.starts_with("pre_"))
}
