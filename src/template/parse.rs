//! From template text to nodes, with errors at line and column.

use super::html_context::{Context, Scanner};
use super::{DOUBLE, SINGLE};
use crate::json::decimal;
use crate::suggest::suggest;

/// How deep sections may nest.
pub const MAX_NESTING: usize = 32;

/// An opening and a closing delimiter.
pub type Delimiters<'t> = (&'t str, &'t str);

/// What a template's output is.
#[derive(Clone, Copy, PartialEq)]
pub enum Format {
    /// Text: values are inserted as they are.
    Text,
    /// Text in which every value stands between [`super::VALUE`] or [`super::LINK`] and [`super::VALUE_END`].
    Marked,
    /// HTML: values are escaped, and allowed only where escaping protects.
    Html,
}

/// At most this many errors of one template are reported.
const MAX_ERRORS: usize = 20;

/// A set-delimiter tag in single braces is not searched for further than this.
const MAX_DELIMITER_TAG: usize = 32;

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

/// A compiled template.
#[derive(Debug)]
pub struct Template<'t> {
    pub(super) nodes: Vec<Node<'t>>,
}

#[derive(Debug)]
pub(super) enum Node<'t> {
    Text(&'t str),
    Value { name: &'t str, raw: bool, context: Context },
    Section { name: &'t str, inverted: bool, nodes: Vec<Node<'t>> },
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

impl Error {
    /// `line 3, column 7: …`
    pub fn describe(&self) -> String {
        let mut out = String::from("line ");
        decimal(&mut out, self.line);
        out.push_str(", column ");
        decimal(&mut out, self.column);
        out.push_str(": ");
        out.push_str(&self.what);
        out
    }
}

impl<'t> Template<'t> {
    /// Compiles `source`. Without `names` every name is allowed; unknown ones print nothing. All errors are reported
    /// that can be told apart: a broken structure ends the search, unknown names do not.
    ///
    /// # Errors
    /// Unclosed or unmatched tags, unknown names, values in places of HTML where no escaping protects.
    pub fn compile(
        source: &'t str,
        delimiters: Delimiters<'t>,
        format: Format,
        names: Option<Names>,
    ) -> Result<Self, Vec<Error>> {
        let mut parser = Parser {
            source,
            at: 0,
            delimiters,
            names,
            html: (format == Format::Html).then(Scanner::default),
            free: 0,
            last_brace: source.rfind('}').unwrap_or(0),
            errors: Vec::new(),
        };
        let nodes = parser.nodes(None, 0).unwrap_or_default();
        if parser.errors.is_empty() { Ok(Template { nodes }) } else { Err(parser.errors) }
    }
}

struct Parser<'t, 'n> {
    source: &'t str,
    at: usize,
    delimiters: Delimiters<'t>,
    names: Option<Names<'n>>,
    html: Option<Scanner>,
    /// How many open sections have contents whose names cannot be known.
    free: usize,
    /// The last closing brace: no single-brace tag can open behind it.
    last_brace: usize,
    errors: Vec<Error>,
}

struct Tag<'t> {
    start: usize,
    sigil: char,
    content: &'t str,
}

/// Marks that an error was noted and parsing cannot go on.
struct Broken;

impl<'t> Parser<'t, '_> {
    fn slice(&self, from: usize, to: usize) -> &'t str {
        self.source.get(from..to).unwrap_or("")
    }

    fn error(&mut self, at: usize, parts: &[&str]) -> Broken {
        let before = self.slice(0, at);
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        self.errors.push(Error {
            line: before.bytes().filter(|b| *b == b'\n').count() + 1,
            column: self.slice(line_start, at).chars().count() + 1,
            what: parts.concat(),
        });
        Broken
    }

    fn nodes(&mut self, open: Option<&Tag<'t>>, depth: usize) -> Result<Vec<Node<'t>>, Broken> {
        let mut nodes = Vec::new();
        loop {
            let text_start = self.at;
            let Some(tag) = self.next_tag()? else {
                self.text(&mut nodes, text_start, self.source.len());
                return match open {
                    Some(tag) => Err(self.error(tag.start, &["section ", tag.content, " is never closed"])),
                    None => Ok(nodes),
                };
            };
            let mut text_end = tag.start;
            if !matches!(tag.sigil, ' ' | '&')
                && let Some((line_start, next_line)) = self.standalone(&tag)
            {
                text_end = line_start;
                self.at = next_line;
            }
            self.text(&mut nodes, text_start, text_end);
            match tag.sigil {
                '!' => {}
                '=' => self.set_delimiters(&tag)?,
                '/' => {
                    return match open {
                        Some(opened) if opened.content == tag.content => Ok(nodes),
                        Some(opened) => {
                            let parts = ["section ", opened.content, " is closed as ", tag.content];
                            Err(self.error(tag.start, &parts))
                        }
                        None => Err(self.error(tag.start, &["section ", tag.content, " was never opened"])),
                    };
                }
                '#' | '^' => {
                    if depth == MAX_NESTING {
                        return Err(self.error(tag.start, &["sections nest too deep; 32 levels are allowed"]));
                    }
                    self.check_name(&tag)?;
                    let free = usize::from(tag.sigil == '#' && self.opens_unknown(tag.content));
                    self.free += free;
                    let inner = self.nodes(Some(&tag), depth + 1)?;
                    self.free -= free;
                    nodes.push(Node::Section { name: tag.content, inverted: tag.sigil == '^', nodes: inner });
                }
                sigil => {
                    self.check_name(&tag)?;
                    let raw = sigil == '&';
                    let context = self.check_context(&tag, raw)?;
                    nodes.push(Node::Value { name: tag.content, raw, context });
                }
            }
        }
    }

    fn text(&mut self, nodes: &mut Vec<Node<'t>>, from: usize, to: usize) {
        let text = self.slice(from, to);
        if text.is_empty() {
            return;
        }
        if let Some(html) = &mut self.html {
            html.text(text);
        }
        nodes.push(Node::Text(text));
    }

    /// Moves behind the next tag.
    fn next_tag(&mut self) -> Result<Option<Tag<'t>>, Broken> {
        let (open, close) = self.delimiters;
        while let Some(found) = find(self.slice(self.at, self.source.len()), open) {
            let start = self.at + found;
            let after = start + open.len();
            if self.delimiters == SINGLE {
                if let Some((tag, end)) = self.single_brace_tag(start, after)? {
                    self.at = end;
                    return Ok(Some(tag));
                }
                self.at = after;
                continue;
            }
            let rest = self.slice(after, self.source.len());
            let triple = self.delimiters == DOUBLE && rest.starts_with('{');
            let (sigil, close_with) = match rest.chars().next() {
                Some('=') => ('=', None),
                Some('{') if triple => ('&', Some("}}}")),
                Some(c @ ('#' | '^' | '/' | '&' | '!')) => (c, Some(close)),
                Some('>') => return Err(self.error(start, &["partials ({{> …}}) are not supported"])),
                _ => (' ', Some(close)),
            };
            let skip = usize::from(sigil != ' ');
            let body = self.slice(after + skip, self.source.len());
            let (length, closing) = match close_with {
                Some(closing) => (find(body, closing), closing.len()),
                None => (find_pair(body, close), 1 + close.len()),
            };
            let Some(length) = length else {
                return Err(self.error(start, &["a tag opens here and is never closed; ", close, " closes it"]));
            };
            let content = body.get(..length).unwrap_or("").trim();
            self.at = after + skip + length + closing;
            let tag = Tag { start, sigil, content };
            if !matches!(sigil, '!' | '=') && !is_name(content, self.names.is_some()) {
                return Err(self.error(start, &["a tag needs a name of letters, digits, _ and -, joined by dots"]));
            }
            return Ok(Some(tag));
        }
        self.at = self.source.len();
        Ok(None)
    }

    /// The tag that starts at a single brace, with its end, or `None` when the brace is text.
    fn single_brace_tag(&mut self, start: usize, after: usize) -> Result<Option<(Tag<'t>, usize)>, Broken> {
        if start > self.last_brace {
            return Ok(None);
        }
        let rest = self.slice(after, self.source.len());
        if let Some(doubled) = rest.strip_prefix('{')
            && let Some((name, '}')) = split_close(doubled)
            && is_name(name.trim(), true)
            && doubled.get(name.len()..).is_some_and(|end| end.starts_with("}}"))
        {
            let parts =
                ["{{", name, "}}: these templates have single braces; write {", name.trim(), "}, or set delimiters"];
            return Err(self.error(start, &parts));
        }
        let sigil = rest.chars().next().filter(|c| "#^/&!=".contains(*c)).unwrap_or(' ');
        let skip = usize::from(sigil != ' ');
        let body = rest.get(skip..).unwrap_or("");
        let (length, closing) = match sigil {
            '=' => (find_pair(body.get(..MAX_DELIMITER_TAG).unwrap_or(body), "}"), 2),
            '!' => (find(body, "}"), 1),
            _ => (split_close(body).filter(|(_, brace)| *brace == '}').map(|(name, _)| name.len()), 1),
        };
        let Some(length) = length else { return Ok(None) };
        let content = body.get(..length).unwrap_or("").trim();
        let is_tag = matches!(sigil, '!' | '=') || is_name(content, true);
        Ok(is_tag.then_some((Tag { start, sigil, content }, after + skip + length + closing)))
    }

    /// When the tag that ends at the current place is alone on its line: where that line and the next one start.
    fn standalone(&self, tag: &Tag) -> Option<(usize, usize)> {
        let blank = |c: char| c == ' ' || c == '\t';
        let before = self.slice(0, tag.start).trim_end_matches(blank);
        let after = self.slice(self.at, self.source.len()).trim_start_matches(blank);
        let next = after.strip_prefix("\r\n").or(after.strip_prefix('\n'));
        let alone = (before.is_empty() || before.ends_with('\n')) && (after.is_empty() || next.is_some());
        alone.then(|| (before.len(), self.source.len() - next.map_or(0, str::len)))
    }

    fn set_delimiters(&mut self, tag: &Tag<'t>) -> Result<(), Broken> {
        let mut words = tag.content.split_ascii_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some(open), Some(close), None) if !open.contains('=') && !close.contains('=') => {
                self.delimiters = (open, close);
                Ok(())
            }
            _ => Err(self.error(tag.start, &["new delimiters are two words between equals signs, like =<% %>="])),
        }
    }

    fn check_name(&mut self, tag: &Tag<'t>) -> Result<(), Broken> {
        let name = tag.content;
        let Some(names) = self.names.filter(|names| names.strict) else { return Ok(()) };
        if name == "." || self.free > 0 || is_known(names.known, name) {
            return Ok(());
        }
        let shown = ["unknown placeholder {", name, "}"].concat();
        let broken = match suggest(name, names.known.iter().copied()) {
            Some(close) => self.error(tag.start, &[&shown, "; did you mean {", close, "}?"]),
            None => self.error(tag.start, &[&shown, "; the placeholders are ", &names.known.join(", ")]),
        };
        self.go_on(broken)
    }

    /// Lets parsing continue behind an error that leaves the structure intact.
    fn go_on(&self, broken: Broken) -> Result<(), Broken> {
        if self.errors.len() < MAX_ERRORS { Ok(()) } else { Err(broken) }
    }

    fn opens_unknown(&self, name: &str) -> bool {
        self.names.is_none_or(|names| name == "." || is_open(names.known, name))
    }

    fn check_context(&mut self, tag: &Tag<'t>, raw: bool) -> Result<Context, Broken> {
        let (Some(html), Some(names)) = (&mut self.html, self.names) else { return Ok(Context::Quoted) };
        let context = html.value();
        let name = tag.content;
        if raw && !names.trusted.contains(&name) {
            let parts = ["{&", name, "} would insert a user's value as HTML; write {", name, "}"];
            let broken = self.error(tag.start, &parts);
            self.go_on(broken)?;
        } else if context == Context::Unsafe {
            let parts =
                ["{", name, "} stands where escaping does not protect; HTML text and quoted attributes are safe"];
            let broken = self.error(tag.start, &parts);
            self.go_on(broken)?;
        }
        Ok(context)
    }
}

/// The first place of `needle`; one byte is searched first, which is smaller than the two-way search of `str::find`.
fn find(text: &str, needle: &str) -> Option<usize> {
    let first = *needle.as_bytes().first()?;
    (0..text.len())
        .find(|&i| text.as_bytes().get(i) == Some(&first) && text.get(i..).is_some_and(|t| t.starts_with(needle)))
}

/// The place of an equals sign that `close` follows.
fn find_pair(text: &str, close: &str) -> Option<usize> {
    find(text, &["=", close].concat())
}

/// What stands before the next brace, and that brace.
fn split_close(text: &str) -> Option<(&str, char)> {
    let end = text.bytes().position(|b| b == b'}' || b == b'{')?;
    Some((text.get(..end)?, text.get(end..)?.chars().next()?))
}

/// Whether this is `.` or identifiers joined by dots; without `strict`, anything that has no space and no brace.
fn is_name(name: &str, strict: bool) -> bool {
    if name == "." {
        return true;
    }
    name.split('.').all(|part| {
        let mut bytes = part.bytes();
        let first = bytes.next();
        if strict {
            first.is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
                && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        } else {
            first.is_some() && part.bytes().all(|b| b > b' ' && b != b'{' && b != b'}')
        }
    })
}

fn is_known(known: &[&str], name: &str) -> bool {
    known.contains(&name) || is_open(known, name)
}

/// Whether some `head.*` covers the name.
fn is_open(known: &[&str], name: &str) -> bool {
    let head = name.split('.').next().unwrap_or("");
    known.iter().any(|known| known.strip_suffix(".*") == Some(head))
}
