//! Where in an HTML document a placeholder stands, as far as escaping depends on it.

use crate::json::{self, after, join, starts_at};

/// The place of a value in HTML.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Context {
    /// Between tags: escaping protects, and an element may be put around the value.
    Text,
    /// In a quoted attribute or a title: escaping is all there is.
    Quoted,
    /// In an unquoted attribute, a tag, a comment, a script or a style: escaping does not protect.
    Unsafe,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum State {
    Text,
    /// In the name of a tag.
    Name,
    /// In a tag, in or before the name of an attribute.
    Tag,
    /// Behind the equals sign of an attribute.
    Equals,
    /// In an unquoted value.
    Bare,
    Quoted,
    /// In a comment, a script or what else is no markup and not escaped.
    Raw,
    /// In a title or a text field: escaped, but no markup.
    Title,
}

/// The ends of the elements that hold no markup; those in `t` hold escaped text.
const ENDS: &[&str] = &["</title", "</textarea", "</style", "</script"];
/// In place of a quote: the name of an attribute has begun.
const NAMED: u8 = 1;

/// Follows the markup of a template in source order, as the tokenizer of a browser would (the HTML Standard, section
/// 13.2.5).
pub(super) struct Scanner {
    state: State,
    /// The quote that ends a quoted attribute; [`NAMED`] in a tag.
    quote: u8,
    /// What ends what holds no markup, an element or a comment; in a tag, the one that begins behind it.
    end: &'static str,
    /// The name of a tag as far as it has been read, in lower case, or as much of `end` as the text ends with.
    read: String,
}

impl Scanner {
    pub(super) fn new() -> Self {
        Scanner { state: State::Text, quote: 0, end: "", read: String::new() }
    }

    /// Where in the markup this is, as far as what follows depends on it. Not in the name of a tag, which may be any.
    pub(super) fn place(&self) -> (State, u8, &'static str, usize) {
        let quote = if self.state == State::Quoted { self.quote } else { 0 };
        (self.state, quote, self.end, self.read.len())
    }

    /// The context of a value that stands here.
    pub(super) fn context(&self) -> Context {
        match self.state {
            State::Text => Context::Text,
            State::Quoted | State::Title => Context::Quoted,
            _ => Context::Unsafe,
        }
    }

    /// Follows literal text.
    pub(super) fn text(&mut self, text: &str) {
        for byte in text.as_bytes() {
            // All white space is one.
            self.byte(if byte.is_ascii_whitespace() { b' ' } else { byte.to_ascii_lowercase() });
        }
    }

    fn byte(&mut self, byte: u8) {
        let splits = matches!(byte, b' ' | b'/' | b'>');
        match self.state {
            State::Text if byte == b'<' => {
                self.read.clear();
                self.state = State::Name;
            }
            State::Text => {}
            State::Name if matches!(self.read.as_str(), "" | "/") && !byte.is_ascii_lowercase() => self.no_name(byte),
            State::Name if !splits => self.push(byte),
            State::Raw | State::Title => {
                if (byte == b'>' || splits && self.end.len() > 2) && (self.end.is_empty() || self.read == self.end) {
                    self.read.clear();
                    self.state = State::Name;
                    self.tag(byte);
                } else {
                    self.seek(byte);
                }
            }
            State::Quoted if byte != self.quote => {}
            State::Equals if byte == b' ' => {}
            State::Equals if matches!(byte, b'"' | b'\'') => {
                self.state = State::Quoted;
                self.quote = byte;
            }
            State::Equals | State::Bare if !matches!(byte, b' ' | b'>') => self.state = State::Bare,
            _ => self.tag(byte),
        }
    }

    fn push(&mut self, byte: u8) {
        self.read.push(char::from(byte));
    }

    /// Follows what is no markup: how much of its end the text ends with.
    fn seek(&mut self, byte: u8) {
        if self.end.is_empty() {
            // By its beginning it may be a comment, of which `<!-->` is one.
            if self.read.len() < "!--".len() {
                self.push(byte);
            }
            if self.read != "!--" {
                return;
            }
            self.end = "--";
        } else {
            self.push(byte);
        }
        while !starts_at(self.end, &self.read, 0) {
            self.read = join(&[after(&self.read, 1)]);
        }
    }

    /// What begins with `<` and has no name is a text, or a comment up to the next `>`.
    fn no_name(&mut self, byte: u8) {
        if !self.read.is_empty() || matches!(byte, b'!' | b'?') {
            self.state = State::Raw;
            self.byte(byte);
        } else if byte == b'/' {
            self.push(byte);
        } else if byte != b'<' {
            self.state = State::Text;
        }
    }

    /// Follows a tag, from the end of its name or of a value on.
    fn tag(&mut self, byte: u8) {
        if self.state == State::Name {
            self.end = "";
            for end in ENDS {
                if self.read == after(end, 2) {
                    self.end = end;
                }
            }
            self.read.clear();
        }
        if byte == b'>' {
            self.state = match json::byte(self.end, 2) {
                0 => State::Text,
                b't' => State::Title,
                _ => State::Raw,
            };
        } else if byte == b'=' && self.quote == NAMED {
            self.state = State::Equals;
        } else if self.state != State::Tag || byte == b'/' {
            self.state = State::Tag;
            self.quote = 0;
        } else if byte != b' ' {
            self.quote = NAMED;
        }
    }
}
