//! Mustache templates: interpolation, sections, inverted sections, comments, set-delimiter tags, implicit iterators,
//! dotted names and standalone lines, by Mustache's specification.
//!
//! The default delimiters are single braces. With those a brace that opens no tag is text, so CSS and JSON pass:
//! a tag is a brace, at most one of `# ^ / & !`, a name, and the closing brace.

mod html_context;
mod parse;
mod render;

pub use html_context::Context;
pub use parse::{Delimiters, Error, Format, MAX_NESTING, Names, Template};
pub use render::{LINK, MAX_OUTPUT, Overflow, VALUE, VALUE_END, is_mark};

/// The default delimiters.
pub const SINGLE: Delimiters<'static> = ("{", "}");

/// Mustache's own delimiters.
pub const DOUBLE: Delimiters<'static> = ("{{", "}}");

#[cfg(test)]
mod tests;
