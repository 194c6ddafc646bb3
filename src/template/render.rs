//! From nodes and values to text.

use super::html_context::Context;
use super::parse::{Format, Node, Template};
use crate::html::escape;
use crate::json::Json;

/// The most bytes that one template may print: far above any mail, far below what hurts.
pub const MAX_OUTPUT: usize = 256 * 1024;

/// Stands before a value in marked text.
pub const VALUE: char = '\u{e000}';
/// Stands before the value of `url` in marked text.
pub const LINK: char = '\u{e001}';
/// Stands behind a value in marked text.
pub const VALUE_END: char = '\u{e002}';

/// Whether this is one of the three marks: private-use characters, which are dropped wherever they come from outside.
pub fn is_mark(c: char) -> bool {
    (VALUE..=VALUE_END).contains(&c)
}

/// The output would exceed [`MAX_OUTPUT`].
#[derive(Debug, PartialEq)]
pub struct Overflow;

impl Template<'_> {
    /// Prints the template with `values`, an object.
    ///
    /// # Errors
    /// [`Overflow`] when the output would exceed [`MAX_OUTPUT`].
    pub fn render(&self, format: Format, values: Json) -> Result<String, Overflow> {
        let mut printer = Printer { out: String::new(), stack: vec![values], format };
        printer.nodes(&self.nodes)?;
        Ok(printer.out)
    }
}

struct Printer<'v> {
    out: String,
    stack: Vec<Json<'v>>,
    format: Format,
}

impl<'v> Printer<'v> {
    fn nodes(&mut self, nodes: &[Node]) -> Result<(), Overflow> {
        for node in nodes {
            match node {
                Node::Text(text) => self.text(text),
                Node::Value { name, raw, context } => {
                    if let Some(text) = self.lookup(name).scalar() {
                        self.value(name, text, *raw, *context);
                    }
                }
                Node::Section { name, inverted, nodes } => self.section(name, *inverted, nodes)?,
            }
            if self.out.len() > MAX_OUTPUT {
                return Err(Overflow);
            }
        }
        Ok(())
    }

    /// Appends text; in marked text nothing from outside may pose as a mark.
    fn text(&mut self, text: &str) {
        if self.format == Format::Marked {
            self.out.extend(text.chars().filter(|c| !is_mark(*c)));
        } else {
            self.out.push_str(text);
        }
    }

    fn section(&mut self, name: &str, inverted: bool, nodes: &[Node]) -> Result<(), Overflow> {
        let value = self.lookup(name);
        if is_empty(value) {
            return if inverted { self.nodes(nodes) } else { Ok(()) };
        }
        if inverted {
            return Ok(());
        }
        let one = [value];
        for &item in if let Json::Array(items) = value { items } else { &one } {
            self.stack.push(item);
            self.nodes(nodes)?;
            self.stack.pop();
        }
        Ok(())
    }

    /// The first part of a dotted name is looked up from the innermost context outwards, the rest below it.
    fn lookup(&self, name: &str) -> Json<'v> {
        if name == "." {
            return self.stack.last().copied().unwrap_or(Json::Null);
        }
        let (head, rest) = name.split_once('.').unwrap_or((name, ""));
        for context in self.stack.iter().rev() {
            if context.members().iter().any(|(key, _)| *key == head) {
                let value = context.get(head);
                return if rest.is_empty() { value } else { value.path(rest) };
            }
        }
        Json::Null
    }

    fn value(&mut self, name: &str, text: &str, raw: bool, context: Context) {
        if self.format == Format::Marked {
            self.out.push(if name == "url" { LINK } else { VALUE });
            self.text(text);
            self.out.push(VALUE_END);
        } else if raw || self.format == Format::Text {
            self.out.push_str(text);
        } else {
            let isolated = context == Context::Text && name != "url";
            self.out.push_str(if isolated { "<bdi>" } else { "" });
            escape(&mut self.out, text);
            self.out.push_str(if isolated { "</bdi>" } else { "" });
        }
    }
}

/// What a section takes for "not there": null, false, an empty text or list, and zero.
fn is_empty(value: Json) -> bool {
    match value {
        Json::Null => true,
        Json::Bool(value) => !value,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Number(digits) => {
            !digits.bytes().take_while(|b| *b != b'e' && *b != b'E').any(|b| (b'1'..=b'9').contains(&b))
        }
        Json::Object(_) => false,
    }
}
