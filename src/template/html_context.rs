//! Where in an HTML document a placeholder stands, as far as escaping depends on it.

use crate::json::starts_at;

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
    Tag,
    Quoted,
    /// In a comment, a script or a style.
    Raw,
    Title,
}

/// Follows the markup of a template in source order.
pub(super) struct Scanner {
    state: State,
    /// The quote that ends a quoted attribute.
    quote: u8,
    /// What ends a raw element, a title or a comment.
    end: &'static str,
    /// What has been read since a tag opened, lower-case: its name, or the content of what `end` ends.
    read: String,
}

impl Scanner {
    pub(super) fn new() -> Self {
        Scanner { state: State::Text, quote: 0, end: "", read: String::new() }
    }

    /// Where in the markup this is, as far as what follows depends on it.
    pub(super) fn place(&self) -> (State, u8) {
        let ends_with = match self.state {
            State::Quoted => self.quote,
            State::Raw | State::Title => self.end.len() as u8,
            _ => 0,
        };
        (self.state, ends_with)
    }

    /// The context of a value that stands here.
    pub(super) fn context(&self) -> Context {
        match self.state {
            State::Text => Context::Text,
            State::Quoted | State::Title => Context::Quoted,
            State::Name | State::Tag | State::Raw => Context::Unsafe,
        }
    }

    /// Follows literal text.
    pub(super) fn text(&mut self, text: &str) {
        for byte in text.as_bytes() {
            self.byte(byte.to_ascii_lowercase());
        }
    }

    fn byte(&mut self, byte: u8) {
        match self.state {
            State::Text if byte == b'<' => {
                self.read.clear();
                self.state = State::Name;
            }
            State::Text => {}
            // A lone `<` is text.
            State::Name if self.read.is_empty() && !matches!(byte, b'a'..=b'z' | b'!' | b'/') => {
                if byte != b'<' {
                    self.state = State::Text;
                }
            }
            State::Name if !matches!(byte, b'\t'..=b' ' | b'/' | b'>' | b'"' | b'\'') => {
                self.read.push(char::from(byte));
                if self.read == "!--" {
                    self.skip(State::Raw, "-->");
                }
            }
            State::Name | State::Tag => self.tag(byte),
            State::Quoted => {
                if byte == self.quote {
                    self.state = State::Tag;
                }
            }
            State::Raw | State::Title => {
                self.read.push(char::from(byte));
                if starts_at(&self.read, self.end, self.read.len().wrapping_sub(self.end.len())) {
                    self.state = State::Text;
                }
            }
        }
    }

    /// Follows a tag behind its name.
    fn tag(&mut self, byte: u8) {
        self.state = State::Tag;
        if matches!(byte, b'"' | b'\'') {
            self.state = State::Quoted;
            self.quote = byte;
        } else if byte == b'>' {
            self.state = State::Text;
            match self.read.as_str() {
                "title" => self.skip(State::Title, "</title>"),
                "style" => self.skip(State::Raw, "</style>"),
                "script" => self.skip(State::Raw, "</script>"),
                _ => {}
            }
        }
    }

    fn skip(&mut self, state: State, end: &'static str) {
        self.state = state;
        self.end = end;
    }
}
