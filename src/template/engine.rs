//! Runs a template: one pass that either checks it or prints it.

use super::html_context::{Context, Scanner};
use super::tag::{Found, Tag, byte, next_tag};
use super::{Delimiters, Error, Format, Template};
use crate::html;
use crate::json::{self, Json, append, percent};
use crate::suggest::suggest;

/// The most bytes that one template may print: far above any mail, far below what hurts.
pub const MAX_OUTPUT: usize = 256 * 1024;

/// How deep sections may nest.
pub const MAX_NESTING: usize = 32;

/// At most this many errors of one template are reported.
const MAX_ERRORS: usize = 20;

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

pub(super) struct Engine<'t, 'v> {
    template: &'t Template<'t>,
    /// Whether the template is checked: then every section is visited once and nothing is printed.
    check: bool,
    at: usize,
    delimiters: Delimiters<'t>,
    html: Scanner,
    pub(super) stack: Vec<&'v Json<'v>>,
    /// How many open sections have contents whose names cannot be known.
    free: usize,
    pub(super) out: String,
    pub(super) errors: Vec<Error>,
}

impl<'t, 'v> Engine<'t, 'v> {
    pub(super) fn new(template: &'t Template<'t>, values: &'v Json<'v>, check: bool) -> Self {
        Engine {
            template,
            check,
            at: 0,
            delimiters: template.delimiters,
            html: Scanner::default(),
            stack: vec![values],
            free: 0,
            out: String::new(),
            errors: Vec::new(),
        }
    }

    pub(super) fn run(mut self) -> Self {
        self.section(None, 0, true);
        self
    }

    fn source(&self, from: usize, to: usize) -> &'t str {
        self.template.source.get(from..to).unwrap_or("")
    }

    /// Notes an error; false when the run must end.
    fn error(&mut self, at: usize, parts: &[&str]) -> bool {
        let (mut line, mut column) = (1, 1);
        for c in self.source(0, at).chars() {
            column += 1;
            if c == '\n' {
                line += 1;
                column = 1;
            }
        }
        let mut what = String::new();
        append(&mut what, parts);
        self.errors.push(Error { line, column, what });
        self.check && self.errors.len() < MAX_ERRORS
    }

    /// Runs to the end of the open section or of the template; false when the run must end. Nothing is printed while
    /// `on` is false.
    fn section(&mut self, open: Option<&Tag<'t>>, depth: usize, on: bool) -> bool {
        loop {
            let text_start = self.at;
            let tag = match next_tag(self.template.source, self.at, self.delimiters, self.template.names.is_some()) {
                Found::Tag(tag) => tag,
                Found::Fault(at, what) => {
                    self.error(at, &[what]);
                    return false;
                }
                Found::Nothing => {
                    self.text(text_start, self.template.source.len(), on);
                    self.at = self.template.source.len();
                    return match open {
                        Some(open) => {
                            self.error(open.start, &["section ", open.content, " is never closed"]);
                            false
                        }
                        None => true,
                    };
                }
            };
            let mut text_end = tag.start;
            self.at = tag.end;
            if !matches!(tag.sigil, b' ' | b'&') {
                self.standalone(&mut text_end);
            }
            self.text(text_start, text_end, on);
            match tag.sigil {
                b'!' => {}
                b'=' => {
                    if !self.set_delimiters(&tag) {
                        return false;
                    }
                }
                b'/' => {
                    let opened = open.map_or("", |open| open.content);
                    if opened == tag.content {
                        return true;
                    }
                    self.error(tag.start, &["{/", tag.content, "} does not close the section that is open: ", opened]);
                    return false;
                }
                b'#' | b'^' => {
                    if depth == MAX_NESTING {
                        self.error(tag.start, &["sections nest too deep; 32 levels are allowed"]);
                        return false;
                    }
                    if !self.check_name(&tag) || !self.open(&tag, depth + 1, on) {
                        return false;
                    }
                }
                _ => {
                    if !self.check_name(&tag) || !self.value(&tag, on) {
                        return false;
                    }
                }
            }
            if self.out.len() > MAX_OUTPUT {
                self.error(tag.start, &["prints more than 256 KiB"]);
                return false;
            }
        }
    }

    /// When the tag is alone on its line, the line belongs to it.
    fn standalone(&mut self, text_end: &mut usize) {
        let source = self.template.source;
        let (mut start, mut end) = (*text_end, self.at);
        while start > 0 && matches!(byte(source, start - 1), b' ' | b'\t') {
            start -= 1;
        }
        while matches!(byte(source, end), b' ' | b'\t') {
            end += 1;
        }
        let last = end == source.len();
        end += usize::from(byte(source, end) == b'\r' && byte(source, end + 1) == b'\n');
        if (start == 0 || byte(source, start - 1) == b'\n') && (last || byte(source, end) == b'\n') {
            *text_end = start;
            self.at = end + usize::from(!last);
        }
    }

    fn text(&mut self, from: usize, to: usize, on: bool) {
        let text = self.source(from, to);
        if self.template.format == Format::Html {
            self.html.text(text);
        }
        if on && !self.check {
            self.push(text);
        }
    }

    /// Appends text; in marked text nothing from outside may pose as a mark.
    fn push(&mut self, text: &str) {
        if self.template.format == Format::Marked {
            for c in text.chars() {
                if !is_mark(c) {
                    self.out.push(c);
                }
            }
        } else {
            self.out.push_str(text);
        }
    }

    fn set_delimiters(&mut self, tag: &Tag<'t>) -> bool {
        let (open, close) = tag.content.split_once(' ').unwrap_or_default();
        let close = close.trim();
        if open.is_empty() || close.is_empty() || close.contains([' ', '=']) || open.contains('=') {
            self.error(tag.start, &["new delimiters are two words between equals signs, like =<% %>="]);
            return false;
        }
        self.delimiters = (open, close);
        true
    }

    /// Runs a section that has just opened, once for each item of a list.
    fn open(&mut self, tag: &Tag<'t>, depth: usize, on: bool) -> bool {
        let (start, delimiters) = (self.at, self.delimiters);
        let value = self.lookup(tag.content);
        let shows = is_empty(value) == (tag.sigil == b'^');
        if self.check || !on || !shows || tag.sigil == b'^' {
            let free = usize::from(tag.sigil == b'#' && self.is_open(tag.content));
            self.free += free;
            let sound = self.section(Some(tag), depth, on && shows);
            self.free -= free;
            return sound;
        }
        for item in if let Json::Array(items) = value { items } else { std::slice::from_ref(value) } {
            (self.at, self.delimiters) = (start, delimiters);
            self.stack.push(item);
            let sound = self.section(Some(tag), depth, true);
            self.stack.pop();
            if !sound {
                return false;
            }
        }
        true
    }

    /// The first part of a dotted name is looked up from the innermost context outwards, the rest below it.
    fn lookup(&self, name: &str) -> &'v Json<'v> {
        if name == "." {
            return self.stack.last().copied().unwrap_or(&Json::Null);
        }
        let (head, _) = name.split_once('.').unwrap_or((name, ""));
        for context in self.stack.iter().rev() {
            if context.members().iter().any(|(key, _)| *key == head) {
                return context.path(name);
            }
        }
        &Json::Null
    }

    /// Prints a value, or checks whether it may stand here.
    fn value(&mut self, tag: &Tag<'t>, on: bool) -> bool {
        let name = tag.content;
        let mut isolated = false;
        if self.template.format == Format::Html
            && let Some(names) = self.template.names
        {
            let context = self.html.value();
            isolated = context == Context::Text && name != "url";
            if tag.sigil == b'&' && !names.trusted.contains(&name) {
                return self
                    .error(tag.start, &["{&", name, "} would insert a user's value as HTML; write {", name, "}"]);
            }
            if context == Context::Unsafe {
                let reason = "} stands where escaping does not protect; HTML text and quoted attributes are safe";
                return self.error(tag.start, &["{", name, reason]);
            }
        }
        let text = self.lookup(name).scalar().unwrap_or("");
        if !on || self.check {
            return true;
        }
        match self.template.format {
            _ if tag.sigil == b'&' => self.push(text),
            Format::Text => self.push(text),
            Format::Marked => {
                self.out.push(if name == "url" { LINK } else { VALUE });
                self.push(text);
                self.out.push(VALUE_END);
            }
            Format::Html => {
                self.out.push_str(if isolated { "<bdi>" } else { "" });
                html::escape(&mut self.out, text);
                self.out.push_str(if isolated { "</bdi>" } else { "" });
            }
            Format::Json => json::escape(&mut self.out, text),
            Format::Form => percent(&mut self.out, text),
        }
        true
    }

    fn check_name(&mut self, tag: &Tag<'t>) -> bool {
        let name = tag.content;
        let Some(names) = self.template.names.filter(|names| names.strict && self.check) else { return true };
        if name == "." || self.free > 0 || names.known.contains(&name) || self.is_open(name) {
            return true;
        }
        match suggest(name, names.known.iter().copied()) {
            Some(close) => self.error(tag.start, &["unknown placeholder {", name, "}; did you mean {", close, "}?"]),
            None => self.error(tag.start, &["unknown placeholder {", name, "}"]),
        }
    }

    /// Whether some known `head.*` covers the name.
    fn is_open(&self, name: &str) -> bool {
        let (head, _) = name.split_once('.').unwrap_or((name, ""));
        self.template
            .names
            .is_none_or(|names| name == "." || names.known.iter().any(|known| known.strip_suffix(".*") == Some(head)))
    }
}

/// What a section takes for "not there": null, false, an empty text or list, and zero.
fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Bool(value) => !value,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Number(digits) => digits.bytes().take_while(|b| b | 32 != b'e').all(|b| !(b'1'..=b'9').contains(&b)),
        Json::Object(_) => false,
    }
}
