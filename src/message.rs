//! The message: which texts, in which form.

use crate::arena::Arena;
use crate::clean::{is_space, one_line};
#[cfg(feature = "npm")]
use crate::config::PASSWORD;
use crate::config::{Channel, Config, UNREACHABLE, item};
use crate::html;
use crate::json::{Json, find, head, slice};
use crate::problems::Problems;
use crate::template::{DOUBLE, Format, Names, SINGLE, Template};
use crate::values::PLACEHOLDERS;

/// The parts of a message: what they print, and the channel that cannot do without.
const PARTS: &[(&str, Format, Option<Channel>)] = &[
    ("subject", Format::Text, Some(Channel::Email)),
    ("text", Format::Marked, Some(Channel::Email)),
    ("html", Format::Html, None),
    ("sms", Format::Text, Some(Channel::Sms)),
    ("button", Format::Text, None),
];

/// The placeholders of the message [`PASSWORD`], in its text and HTML.
#[cfg(feature = "npm")]
const SECRETS: &[&str] = &["password"];
#[cfg(not(feature = "npm"))]
const SECRETS: &[&str] = &[];

/// A finished message.
#[derive(Clone, Copy)]
pub struct Content<'m> {
    /// One line; empty for an SMS.
    pub subject: &'m str,
    /// The text of the mail or the SMS.
    pub text: &'m str,
    /// The whole document; empty for an SMS.
    pub html: &'m str,
}

/// Checks and prints the messages of a configuration.
pub struct Composer<'c> {
    config: &'c Config<'c>,
    names: Vec<&'c str>,
    /// How many of them the configuration's own values do not stand for.
    untrusted: usize,
    /// The value of the placeholder `password`, of which only a message's text and HTML get to see anything.
    #[cfg(feature = "npm")]
    pub password: &'c str,
    /// What is wrong in the templates.
    pub problems: Problems,
}

/// The name of a message, and the locale of its texts.
type Texts<'t> = (&'t str, &'t str);

impl<'c> Composer<'c> {
    /// For the messages of this configuration.
    pub fn new(config: &'c Config<'c>) -> Self {
        let mut names = SECRETS.to_vec();
        names.extend_from_slice(PLACEHOLDERS);
        let of_envelope = config.get("envelope").get("placeholders");
        for name in of_envelope.items() {
            names.push(name.str());
        }
        let untrusted = names.len();
        for (name, _) in config.get("vars").members() {
            if !of_envelope.lists(name) {
                names.push(name);
            }
        }
        Composer {
            config,
            names,
            untrusted,
            #[cfg(feature = "npm")]
            password: "",
            problems: Problems::default(),
        }
    }

    /// Checks every template of the user's own messages.
    pub fn check(&mut self) {
        if self.config.checked {
            return;
        }
        for (name, _) in self.config.get("vars").members() {
            self.check_name(&["vars", name], name);
        }
        for (i, name) in self.config.get("envelope").get("placeholders").items().iter().enumerate() {
            self.check_name(&[item("envelope.placeholders", i, self.config.arena)], name.str());
        }
        for (message, locales) in self.config.get("messages").members() {
            for (locale, _) in locales.members() {
                for part in PARTS {
                    self.check_part(&(message, locale), part);
                }
            }
        }
    }

    fn check_name(&mut self, path: &[&str], name: &str) {
        if SECRETS.contains(&name) || PLACEHOLDERS.contains(&name) || name == "custom" || head(name) != name {
            self.problems.note(path, "has a dot or is a placeholder already; choose another name");
        }
    }

    fn check_part(&mut self, texts: &Texts, (part, format, channel): &(&str, Format, Option<Channel>)) {
        let (template, own) = self.template(texts, part, *format);
        let needed = channel.filter(|channel| *channel == Channel::Email || !goes_by_mail_alone(texts.0));
        let missing =
            template.source.is_empty() && needed.is_some_and(|channel| !self.config.senders(channel).is_empty());
        let errors = if own { template.check() } else { Vec::new() };
        for error in &errors {
            self.note(texts, part, &error.describe());
        }
        if missing {
            self.note(texts, part, "is missing; there are senders that need it");
        }
    }

    /// Prints a message; what goes wrong is noted in [`Composer::problems`].
    pub fn compose<'m>(
        &mut self,
        message: &str,
        locale: &str,
        channel: Channel,
        values: &Json,
        arena: &'m Arena,
    ) -> Content<'m> {
        let texts = &(message, locale);
        if channel == Channel::Sms {
            let text = arena.text(tidy(self.print(texts, "sms", Format::Text, values, arena)));
            return Content { subject: "", text, html: "" };
        }
        let subject = one_line(self.print(texts, "subject", Format::Text, values, arena), arena);
        let marked = arena.text(tidy(self.print(texts, "text", Format::Marked, values, arena)));
        let mut html = self.print(texts, "html", Format::Html, values, arena);
        if html.is_empty() {
            let mut button = self.print(texts, "button", Format::Text, values, arena);
            if button.is_empty() {
                button = self.config.text("serviceName");
            }
            html = arena.text(html::document(marked, subject, button, locale));
        }
        let mut text = String::new();
        html::unmark(&mut text, marked);
        Content { subject, text: arena.text(text), html }
    }

    fn print<'m>(&mut self, texts: &Texts, part: &str, format: Format, values: &Json, arena: &'m Arena) -> &'m str {
        let template = self.template(texts, part, format).0;
        #[cfg(feature = "npm")]
        let secrets = [(PASSWORD, Json::String(if is_shown_in_lists(part) { "" } else { self.password }))];
        #[cfg(feature = "npm")]
        let rendered = template.render_over(&Json::Object(&secrets), values);
        #[cfg(not(feature = "npm"))]
        let rendered = template.render(values);
        match rendered {
            Ok(text) => arena.text(text),
            Err(error) => {
                self.note(texts, part, &error.describe());
                ""
            }
        }
    }

    fn note(&mut self, (message, locale): &Texts, part: &str, what: &str) {
        self.problems.note(&["messages", message, locale, part], what);
    }

    /// The template of a message's part in a locale, and whether it is the user's own, not a built-in one.
    fn template(&self, (message, locale): &Texts, part: &str, format: Format) -> (Template<'_>, bool) {
        let config = self.config;
        let mut source = config.get("messages").get(message).get(locale).get(part);
        let own = !source.is_null();
        if !own {
            source = config.built_in.get(locale).get(message).get(part);
        }
        #[cfg(feature = "npm")]
        let known = if *message == PASSWORD && !is_shown_in_lists(part) { 0 } else { SECRETS.len() };
        #[cfg(not(feature = "npm"))]
        let known = 0;
        let names = Names {
            strict: !matches!(config.get("strictNames"), Json::Bool(false)),
            known: self.names.get(known..).unwrap_or(&[]),
            trusted: self.names.get(self.untrusted..).unwrap_or(&[]),
        };
        let double = own && config.text("delimiters") == "{{ }}";
        let delimiters = if double { DOUBLE } else { SINGLE };
        (Template { source: source.str(), delimiters, format, names: Some(names) }, own)
    }
}

fn goes_by_mail_alone(message: &str) -> bool {
    #[cfg(feature = "npm")]
    if message == PASSWORD {
        return true;
    }
    message == UNREACHABLE
}

/// Whether a list of mails shows it, or it is no part of a mail.
#[cfg(feature = "npm")]
fn is_shown_in_lists(part: &str) -> bool {
    !matches!(part, "text" | "html")
}

/// Trims, and lets paragraphs that came out empty leave no gap.
fn tidy(text: &str) -> String {
    let mut out = String::new();
    let mut breaks = 0;
    let mut at = 0;
    while at < text.len() {
        let end = find(text, "\n", at);
        let line = slice(text, at, end).trim_end_matches(is_space);
        if !line.is_empty() {
            out.push_str(match breaks {
                _ if out.is_empty() => "",
                1 => "\n",
                _ => "\n\n",
            });
            out.push_str(line);
            breaks = 0;
        }
        breaks += 1;
        at = end + 1;
    }
    out
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn empty_paragraphs_leave_no_gap() {
        for (text, expected) in
            [("", ""), ("\n\n a \n", " a"), ("a\nb\n\n\n\nc\n \t\nd\r\n", "a\nb\n\nc\n\nd"), ("a\r\n\r\nb", "a\n\nb")]
        {
            assert_eq!(tidy(text), expected);
        }
    }
}
