//! Runs a template: one pass that either checks it or prints it.

use super::html_context::{Context, Scanner, State};
use super::tag::{BAD_DELIMITERS, END, FAULT, Tag, next_tag};
use super::{Delimiters, Error, Format, Template};
use crate::html;
use crate::json::{self, Json, after, byte, find, head, percent, slice, starts_at, trim};
use crate::suggest::suggest;

/// The most bytes that a template with [`Names`](super::Names) may print: far above any mail, far below what hurts.
/// Templates of our own repeat nothing, and so print no more than they are given.
pub const MAX_OUTPUT: usize = 256 * 1024;

/// How deep sections may nest.
pub const MAX_NESTING: usize = 32;

/// How often the insides of sections are run, all together: lists in lists that print nothing would go on for years.
const MAX_PASSES: usize = 100_000;

/// At most this many errors of one template are reported.
const MAX_ERRORS: usize = 20;

/// Stands before a value in marked text.
pub const VALUE: char = '\u{e000}';
/// Stands before the value of `url` in marked text.
pub const LINK: char = '\u{e001}';
/// Stands behind a value in marked text.
pub const VALUE_END: char = '\u{e002}';
/// Stands before a value in marked text that is to be typed as it stands: a password.
pub const CODE: char = '\u{e003}';

/// Whether this is one of the marks: private-use characters, which are dropped wherever they come from outside.
pub fn is_mark(c: char) -> bool {
    (VALUE..=CODE).contains(&c)
}

pub(super) struct Engine<'t> {
    template: &'t Template<'t>,
    /// Whether the template is checked: then every section is visited once and nothing is printed.
    check: bool,
    /// Whether an error ends the run.
    ended: bool,
    passes: usize,
    at: usize,
    delimiters: Delimiters<'t>,
    html: Scanner,
    pub(super) out: String,
    pub(super) errors: Vec<Error>,
}

/// An open section. It and those around it are where names are looked up, from the inside out.
struct Section<'s, 'v> {
    tag: &'s Tag<'s>,
    value: &'v Json<'v>,
    outer: Option<&'s Section<'s, 'v>>,
    depth: usize,
    /// Whether anything is printed.
    on: bool,
    /// Whether it may have contents whose names cannot be known.
    free: bool,
}

impl<'t> Engine<'t> {
    pub(super) fn run(template: &'t Template<'t>, outer: &Json, values: &Json, check: bool) -> Self {
        let mut engine = Engine {
            template,
            check,
            ended: false,
            passes: 0,
            at: 0,
            delimiters: template.delimiters,
            html: Scanner::new(),
            out: String::with_capacity(if check { 0 } else { template.source.len() }),
            errors: Vec::new(),
        };
        let tag = &Tag { start: 0, end: 0, sigil: END, content: "" };
        let outer = Section { tag, value: outer, outer: None, depth: 0, on: !check, free: false };
        engine.section(&Section { value: values, outer: Some(&outer), ..outer });
        engine
    }

    /// Runs to the end of a section or of the template.
    fn section(&mut self, open: &Section) {
        while !self.ended {
            let from = self.at;
            let tag = next_tag(self.template.source, from, &self.delimiters);
            self.at = tag.end;
            let mut to = tag.start;
            if !matches!(tag.sigil, b' ' | b'&' | END | FAULT) {
                to = self.standalone(to);
            }
            self.text(slice(self.template.source, from, to), open.on);
            match tag.sigil {
                _ if self.out.len() > MAX_OUTPUT && self.template.names.is_some() => {
                    self.fail(tag.start, "prints more than 256 KiB", "", "");
                }
                END if open.depth == 0 => return,
                END => self.fail(open.tag.start, "section ", open.tag.content, " is never closed"),
                FAULT => self.fail(tag.start, tag.content, "", ""),
                b'!' => {}
                b'=' => self.set_delimiters(&tag),
                b'/' if tag.content == open.tag.content => return,
                b'/' if open.depth == 0 => self.fail(tag.start, "{/", tag.content, "} closes no section"),
                b'/' => {
                    self.fail(tag.start, "{/", tag.content, "} does not close the section that is open: ");
                    self.add(open.tag.content);
                }
                b'#' | b'^' if open.depth == MAX_NESTING => {
                    self.fail(tag.start, "sections nest too deep; 32 levels are allowed", "", "");
                }
                b'#' | b'^' => self.open(&tag, open),
                _ => self.value(&tag, open),
            }
        }
    }

    /// When the tag is alone on its line, the line belongs to it. Where the text before it ends.
    fn standalone(&mut self, start: usize) -> usize {
        let source = self.template.source;
        let (mut from, mut to) = (start, self.at);
        while matches!(byte(source, from.wrapping_sub(1)), b' ' | b'\t') {
            from -= 1;
        }
        while matches!(byte(source, to), b' ' | b'\t') {
            to += 1;
        }
        to += usize::from(byte(source, to) == b'\r');
        let alone = |byte| matches!(byte, 0 | b'\n');
        if !alone(byte(source, from.wrapping_sub(1))) || !alone(byte(source, to)) {
            return start;
        }
        self.at = to + 1;
        from
    }

    fn text(&mut self, text: &str, on: bool) {
        if self.template.format == Format::Html {
            self.html.text(text);
        }
        if on {
            self.push(text);
        }
    }

    /// Appends text; in marked text nothing from outside may pose as a mark.
    fn push(&mut self, text: &str) {
        if self.template.format == Format::Marked {
            html::unmark(&mut self.out, text);
        } else {
            self.out.push_str(text);
        }
    }

    fn set_delimiters(&mut self, tag: &Tag<'t>) {
        let words = tag.content;
        let space = find(words, " ", 0);
        let close = trim(after(words, space));
        self.delimiters = (slice(words, 0, space), close);
        if close.is_empty() || find(close, " ", 0) < close.len() {
            self.fail(tag.start, BAD_DELIMITERS, "", "");
        }
    }

    /// Runs a section that has just opened, once for each item of a list.
    fn open(&mut self, tag: &Tag<'t>, outer: &Section) {
        self.check_name(tag, outer);
        let inverted = tag.sigil == b'^';
        let (value, _) = outer.lookup(tag.content);
        let on = outer.on && is_empty(value) == inverted;
        let free = outer.free || !inverted && self.is_open(tag.content);
        let (start, delimiters, place) = (self.at, self.delimiters, self.html.place());
        for item in if on && !value.items().is_empty() { value.items() } else { std::slice::from_ref(value) } {
            (self.at, self.delimiters) = (start, delimiters);
            self.passes += 1;
            if self.passes > MAX_PASSES {
                return self.fail(tag.start, "section ", tag.content, " is run too often; 100,000 times are allowed");
            }
            self.section(&Section {
                tag,
                value: if inverted { outer.value } else { item },
                outer: Some(outer),
                depth: outer.depth + 1,
                on,
                free,
            });
        }
        // Shown or not, once or often: what stands behind it must not change its place.
        if self.check && (self.html.place() != place || place.0 == State::Name) {
            self.error(tag.start, "section ", tag.content, " must end in the same part of the HTML as it starts");
        }
    }

    /// Prints a value, or checks whether it may stand here.
    fn value(&mut self, tag: &Tag<'t>, section: &Section) {
        self.check_name(tag, section);
        let name = tag.content;
        let format = self.template.format;
        let (value, ours) = section.lookup(name);
        let raw = tag.sigil == b'&';
        let is_url = name == "url" && ours;
        let mut isolated = false;
        if let (Format::Html, Some(names)) = (format, &self.template.names) {
            let context = self.html.context();
            isolated = context == Context::Text && !is_url;
            if raw && !lists(names.trusted, name, "") {
                self.error(tag.start, "{&", name, "} would insert a user's value as HTML; write {");
                self.add(name);
                return self.add("}");
            }
            if context == Context::Unsafe {
                let why = "} stands where escaping does not protect; HTML text and quoted attributes are safe";
                return self.error(tag.start, "{", name, why);
            }
        }
        if !section.on {
            return;
        }
        let text = value.shown();
        // What was left out leaves no trace.
        if text.is_empty() {
            return;
        }
        match format {
            _ if raw && (ours || self.template.names.is_none()) => self.push(text),
            Format::Text => self.push(text),
            Format::Marked => {
                self.out.push(match name {
                    _ if is_url => LINK,
                    #[cfg(feature = "npm")]
                    "password" => CODE,
                    _ => VALUE,
                });
                self.push(text);
                self.out.push(VALUE_END);
            }
            Format::Html if isolated => {
                self.out.push_str("<bdi>");
                html::escape(&mut self.out, text);
                self.out.push_str("</bdi>");
            }
            Format::Html => html::escape(&mut self.out, text),
            Format::Json => json::escape(&mut self.out, text),
            Format::Form => percent(&mut self.out, text),
        }
    }

    fn check_name(&mut self, tag: &Tag<'t>, section: &Section) {
        let name = tag.content;
        let Some(names) = &self.template.names else { return };
        if !self.check || !names.strict || section.free || lists(names.known, name, "") || self.is_open(name) {
            return;
        }
        self.error(tag.start, "unknown placeholder {", name, "}");
        if let Some(close) = suggest(name, names.known) {
            self.add("; did you mean {");
            self.add(close);
            self.add("}?");
        }
    }

    /// Whether some known `head.*` covers the name.
    fn is_open(&self, name: &str) -> bool {
        name == "." || self.template.names.is_some_and(|names| lists(names.known, head(name), ".*"))
    }

    /// Notes an error in the structure, which ends the run.
    fn fail(&mut self, at: usize, before: &str, name: &str, after: &str) {
        self.error(at, before, name, after);
        self.ended = true;
    }

    /// Notes an error. It ends the run unless the template is only checked.
    #[cold]
    fn error(&mut self, at: usize, before: &str, name: &str, after: &str) {
        let (mut line, mut column) = (1, 1);
        for byte in slice(self.template.source, 0, at).as_bytes() {
            // The first byte of a character counts.
            column += usize::from(byte & 0xc0 != 0x80);
            if *byte == b'\n' {
                line += 1;
                column = 1;
            }
        }
        self.errors.push(Error { line, column, what: String::new() });
        self.add(before);
        self.add(name);
        self.add(after);
        self.ended = !self.check || self.errors.len() >= MAX_ERRORS;
    }

    /// Says more about the last error.
    fn add(&mut self, text: &str) {
        if let Some(error) = self.errors.last_mut() {
            error.what.push_str(text);
        }
    }
}

impl<'v> Section<'_, 'v> {
    /// The first step of a dotted name is looked up from the innermost section outwards, the rest below it. Tells also
    /// whether it was found outside of all sections: within them a user's value may have the name of one of ours.
    fn lookup(&self, name: &str) -> (&'v Json<'v>, bool) {
        if name == "." {
            return (self.value, false);
        }
        let head = head(name);
        let mut section = Some(self);
        while let Some(Section { value, outer, depth, .. }) = section {
            if let Some(value) = value.find(head) {
                return (value.path(after(name, head.len() + 1)), *depth == 0);
            }
            section = *outer;
        }
        (&Json::Null, false)
    }
}

/// Whether one of the names is `name` with this tail.
fn lists(names: &[&str], name: &str, tail: &str) -> bool {
    names.iter().any(|known| {
        known.len() == name.len() + tail.len() && starts_at(known, name, 0) && starts_at(known, tail, name.len())
    })
}

/// What a section takes for "not there": null, false, an empty text or list, and zero.
fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Bool(value) => !value,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Number(digits) => is_zero(digits),
        Json::Object(_) => false,
    }
}

fn is_zero(number: &str) -> bool {
    for byte in number.as_bytes() {
        match byte {
            b'1'..=b'9' => return false,
            b'e' | b'E' => break,
            _ => {}
        }
    }
    true
}
