//! Where in an HTML document a placeholder stands, as far as escaping depends on it.

/// The place of a value in HTML.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Context {
    /// Between tags: escaping protects, and an element may be put around the value.
    Text,
    /// In a quoted attribute or a title, or unknown: escaping is all there is.
    Quoted,
    /// In an unquoted attribute, a tag, a comment, a script or a style: escaping does not protect.
    Unsafe,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Text,
    Tag,
    Quote(u8),
    Comment,
    /// The content of `title`, `style` or `script`.
    Raw(&'static str),
}

/// Follows the markup of a template in source order.
pub(super) struct Scanner {
    state: State,
    /// The name of the tag that is being read, lower-case, cut off where it no longer matters.
    tag: String,
    in_name: bool,
    /// What the open comment or raw element holds so far, to recognise its end.
    tail: Vec<u8>,
}

impl Default for Scanner {
    fn default() -> Self {
        Scanner { state: State::Text, tag: String::new(), in_name: false, tail: Vec::new() }
    }
}

impl Scanner {
    /// The context of a value that stands here.
    pub(super) fn value(&mut self) -> Context {
        self.in_name = false;
        match self.state {
            State::Text => Context::Text,
            State::Quote(_) | State::Raw("title") => Context::Quoted,
            _ => Context::Unsafe,
        }
    }

    /// Follows literal text.
    pub(super) fn text(&mut self, text: &str) {
        for byte in text.bytes() {
            self.byte(byte.to_ascii_lowercase());
        }
    }

    fn byte(&mut self, byte: u8) {
        match self.state {
            State::Text if byte == b'<' => {
                self.state = State::Tag;
                self.tag.clear();
                self.in_name = true;
            }
            State::Text => {}
            State::Tag => self.tag_byte(byte),
            State::Quote(quote) => {
                if byte == quote {
                    self.state = State::Tag;
                }
            }
            State::Comment => self.until(byte, "-->"),
            State::Raw("title") => self.until(byte, "</title>"),
            State::Raw("style") => self.until(byte, "</style>"),
            State::Raw(_) => self.until(byte, "</script>"),
        }
    }

    fn tag_byte(&mut self, byte: u8) {
        match byte {
            b'>' => {
                self.tail.clear();
                self.state = match self.tag.as_str() {
                    "title" => State::Raw("title"),
                    "style" => State::Raw("style"),
                    "script" => State::Raw("script"),
                    _ => State::Text,
                };
            }
            b'"' | b'\'' => {
                self.in_name = false;
                self.state = State::Quote(byte);
            }
            byte if self.in_name && byte > b' ' && self.tag.len() < 8 => {
                self.tag.push(char::from(byte));
                if self.tag == "!--" {
                    self.tail.clear();
                    self.state = State::Comment;
                } else if self.tag.len() == 1 && !byte.is_ascii_alphabetic() && byte != b'/' && byte != b'!' {
                    self.state = State::Text;
                }
            }
            b' ' | b'\t' | b'\n' | b'\r' if self.tag.is_empty() => self.state = State::Text,
            _ => self.in_name = false,
        }
    }

    fn until(&mut self, byte: u8, end: &str) {
        self.tail.push(byte);
        if self.tail.ends_with(end.as_bytes()) {
            self.state = State::Text;
        }
    }
}
