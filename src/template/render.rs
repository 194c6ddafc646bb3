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
    pub fn render(&self, format: Format, values: &Json) -> Result<String, Overflow> {
        self.print(values, format, false)
    }

    /// Prints a text template with every value between [`VALUE`] or [`LINK`] and [`VALUE_END`].
    ///
    /// # Errors
    /// [`Overflow`] when the output would exceed [`MAX_OUTPUT`].
    pub fn render_marked(&self, values: &Json) -> Result<String, Overflow> {
        self.print(values, Format::Text, true)
    }

    fn print(&self, values: &Json, format: Format, mark: bool) -> Result<String, Overflow> {
        let mut printer = Printer { out: String::new(), stack: vec![values], format, mark };
        printer.nodes(&self.nodes)?;
        Ok(printer.out)
    }
}

struct Printer<'v> {
    out: String,
    stack: Vec<&'v Json<'v>>,
    format: Format,
    mark: bool,
}

impl<'v> Printer<'v> {
    fn nodes(&mut self, nodes: &[Node]) -> Result<(), Overflow> {
        for node in nodes {
            match node {
                Node::Text(text) => self.out.extend(text.chars().filter(|c| !self.mark || !is_mark(*c))),
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

    fn section(&mut self, name: &str, inverted: bool, nodes: &[Node]) -> Result<(), Overflow> {
        let value = self.lookup(name);
        if is_empty(value) {
            return if inverted { self.nodes(nodes) } else { Ok(()) };
        }
        if inverted {
            return Ok(());
        }
        let one = std::slice::from_ref(value);
        for item in if let Json::Array(items) = value { items } else { one } {
            self.stack.push(item);
            self.nodes(nodes)?;
            self.stack.pop();
        }
        Ok(())
    }

    /// The first part of a dotted name is looked up from the innermost context outwards, the rest below it.
    fn lookup(&self, name: &str) -> &'v Json<'v> {
        if name == "." {
            return self.stack.last().copied().unwrap_or(&Json::Null);
        }
        let (head, rest) = name.split_once('.').map_or((name, None), |(head, rest)| (head, Some(rest)));
        let holder = self.stack.iter().rev().find(|context| context.members().iter().any(|(key, _)| key == head));
        let value = holder.map_or(&Json::Null, |context| context.get(head));
        rest.map_or(value, |rest| value.path(rest))
    }

    fn value(&mut self, name: &str, text: &str, raw: bool, context: Context) {
        if self.mark {
            self.out.push(if name == "url" { LINK } else { VALUE });
            self.out.extend(text.chars().filter(|c| !is_mark(*c)));
            self.out.push(VALUE_END);
        } else if raw || self.format == Format::Text {
            self.out.push_str(text);
        } else if context == Context::Text && name != "url" {
            self.out.push_str("<bdi>");
            escape(&mut self.out, text);
            self.out.push_str("</bdi>");
        } else {
            escape(&mut self.out, text);
        }
    }
}

/// What a section takes for "not there": null, false, an empty text or list, and zero.
fn is_empty(value: &Json) -> bool {
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
