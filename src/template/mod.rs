//! Mustache templates: interpolation, sections, inverted sections, comments, set-delimiter tags, implicit iterators,
//! dotted names and standalone lines, by Mustache's specification.
//!
//! The default delimiters are single braces. With those a brace that opens no tag is text, so CSS and JSON pass:
//! a tag is a brace, at most one of `# ^ / & !`, a name, and the closing brace. The bodies of requests are templates of
//! the same language.

mod engine;
mod html_context;
mod tag;
#[cfg(all(test, not(target_arch = "wasm32")))]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

pub use engine::{CODE, LINK, MAX_NESTING, MAX_OUTPUT, VALUE, VALUE_END, is_mark};

use crate::json::{Json, append, decimal, join};
use engine::Engine;

/// An opening and a closing delimiter.
pub type Delimiters<'t> = (&'t str, &'t str);

/// The default delimiters.
pub const SINGLE: Delimiters<'static> = ("{", "}");

/// Mustache's own delimiters.
pub const DOUBLE: Delimiters<'static> = ("{{", "}}");

/// What a template's output is, and so how values are written into it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Format {
    /// Text: as they are.
    Text,
    /// Text in which every value stands between [`VALUE`] or another mark and [`VALUE_END`].
    Marked,
    /// HTML: escaped, and allowed only where escaping protects.
    Html,
    /// The inside of JSON strings: escaped.
    Json,
    /// `application/x-www-form-urlencoded`: percent-encoded.
    Form,
}

/// The names that a template may use.
#[derive(Clone, Copy)]
pub struct Names<'n> {
    /// Whether an unknown name is an error; otherwise it prints nothing.
    pub strict: bool,
    /// Every known name; `name.*` allows any path below.
    pub known: &'n [&'n str],
    /// The names whose values may stand unescaped in HTML, because the configuration itself supplies them.
    pub trusted: &'n [&'n str],
}

/// A template.
#[derive(Clone, Copy)]
pub struct Template<'t> {
    /// Its text.
    pub source: &'t str,
    /// The delimiters at its start.
    pub delimiters: Delimiters<'t>,
    /// What it prints.
    pub format: Format,
    /// Without names every name is allowed, and no value is isolated in its direction.
    pub names: Option<Names<'t>>,
}

/// What is wrong in a template, and where: line and column count from one, columns in characters.
#[derive(Debug, PartialEq)]
pub struct Error {
    /// The line, from one.
    pub line: usize,
    /// The column in characters, from one.
    pub column: usize,
    /// What is wrong and what would be right.
    pub what: String,
}

impl Template<'_> {
    /// Everything that is wrong, as far as it can be told apart: a broken structure ends the search, unknown names do not.
    pub fn check(&self) -> Vec<Error> {
        Engine::run(self, &Json::Null, &Json::Null, true).errors
    }

    /// Prints the template with `values`, an object.
    ///
    /// # Errors
    /// The structure is broken, or the output would exceed [`MAX_OUTPUT`].
    pub fn render(&self, values: &Json) -> Result<String, Error> {
        self.render_over(&Json::Null, values)
    }

    /// Prints the template with `values`, and behind them `outer`, for the names that they lack.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn render_over(&self, outer: &Json, values: &Json) -> Result<String, Error> {
        let mut engine = Engine::run(self, outer, values, false);
        match engine.errors.pop() {
            Some(error) => Err(error),
            None => Ok(engine.out),
        }
    }
}

impl Error {
    /// `line 3, column 7: …`
    pub fn describe(&self) -> String {
        let mut out = join(&["line "]);
        decimal(&mut out, self.line);
        out.push_str(", column ");
        decimal(&mut out, self.column);
        append(&mut out, &[": ", &self.what]);
        out
    }
}
