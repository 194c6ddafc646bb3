//! The message: which texts, in which form.

use crate::clean::one_line;
use crate::config::{Channel, Config};
use crate::html;
use crate::json::Json;
use crate::problems::Problems;
use crate::template::{DOUBLE, Format, Names, SINGLE, Template};
use crate::values::PLACEHOLDERS;

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
    /// One line; empty for an SMS.
    pub subject: String,
    /// The text of the mail or the SMS.
    pub text: String,
    /// The whole document; empty for an SMS.
    pub html: String,
}

/// Checks and prints the messages of a configuration.
pub struct Composer<'c> {
    config: &'c Config<'c>,
    names: Vec<&'c str>,
    /// What is wrong in the templates.
    pub problems: Problems,
}

/// A part of a message and where its template comes from.
struct Source<'c> {
    text: &'c str,
    /// The user's own, not a built-in one.
    own: bool,
}

impl<'c> Composer<'c> {
    /// For the messages of this configuration.
    pub fn new(config: &'c Config<'c>) -> Self {
        let mut names = PLACEHOLDERS.to_vec();
        for (name, _) in config.vars().members() {
            names.push(name);
        }
        Composer { config, names, problems: Problems::default() }
    }

    /// Checks every template of the user's own messages.
    pub fn check(&mut self) {
        for (name, _) in self.config.vars().members() {
            if PLACEHOLDERS.contains(name) || *name == "custom" {
                self.problems.note(&["vars", name], &["is a placeholder already; choose another name"]);
            }
        }
        for (message, locales) in self.config.own_messages().members() {
            for (locale, _) in locales.members() {
                for (part, format, channel) in PARTS {
                    self.check_part(message, locale, part, format);
                    let needed = channel.is_some_and(|channel| !self.config.senders(channel).is_empty());
                    if needed && self.source(message, locale, part).text.is_empty() {
                        let path = ["messages", message, locale, part];
                        self.problems.note(&path, &["is missing; there are senders that need it"]);
                    }
                }
            }
        }
    }

    fn check_part(&mut self, message: &str, locale: &str, part: &str, format: Format) {
        let source = self.source(message, locale, part);
        if source.own {
            for error in self.template(&source, format).check() {
                self.problems.note(&["messages", message, locale, part], &[&error.describe()]);
            }
        }
    }

    /// Prints a message; what goes wrong is noted in [`Composer::problems`].
    pub fn compose(&mut self, message: &str, locale: &str, channel: Channel, values: &Json) -> Content {
        let mut print = |part, format| self.print(message, locale, part, format, values);
        let mut content = Content::default();
        if channel == Channel::Sms {
            content.text = tidy(&print("sms", Format::Text));
            return content;
        }
        content.subject = one_line(&print("subject", Format::Text));
        let marked = tidy(&print("text", Format::Marked));
        content.html = print("html", Format::Html);
        if content.html.is_empty() {
            let button = print("button", Format::Text);
            let button = if button.is_empty() { self.config.service_name() } else { &button };
            content.html = html::document(&marked, &content.subject, button, locale);
        }
        content.text = html::unmark(&marked);
        content
    }

    fn print(&mut self, message: &str, locale: &str, part: &str, format: Format, values: &Json) -> String {
        match self.template(&self.source(message, locale, part), format).render(values) {
            Ok(text) => text,
            Err(error) => {
                self.problems.note(&["messages", message, locale, part], &[&error.describe()]);
                String::new()
            }
        }
    }

    fn source(&self, message: &str, locale: &str, part: &str) -> Source<'c> {
        let [own, built_in] = self.config.texts(message, locale).map(|texts| texts.get(part));
        let is_own = !own.is_null();
        Source { text: if is_own { own.str() } else { built_in.str() }, own: is_own }
    }

    fn template<'t>(&'t self, source: &Source<'t>, format: Format) -> Template<'t> {
        let trusted = self.names.get(PLACEHOLDERS.len()..).unwrap_or(&[]);
        Template {
            source: source.text,
            delimiters: if source.own && self.config.double_braces() { DOUBLE } else { SINGLE },
            format,
            names: Some(Names { strict: self.config.strict_names(), known: &self.names, trusted }),
        }
    }
}

/// Trims, and lets paragraphs that came out empty leave no gap.
fn tidy(text: &str) -> String {
    let mut out = String::new();
    let mut breaks = 0;
    for line in text.split('\n') {
        let line = line.trim_end();
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
