//! Finding the next tag.

use super::{DOUBLE, Delimiters, SINGLE};

/// A set-delimiter tag in single braces is not searched for further than this.
const MAX_DELIMITER_TAG: usize = 32;

/// A tag and where it stands.
pub(super) struct Tag<'t> {
    pub(super) start: usize,
    pub(super) end: usize,
    /// `#`, `^`, `/`, `&`, `!` or `=`; a space for a plain value.
    pub(super) sigil: u8,
    pub(super) content: &'t str,
}

/// What stands where a tag may open.
pub(super) enum Found<'t> {
    Nothing,
    Tag(Tag<'t>),
    /// What is wrong, and where.
    Fault(usize, &'static str),
}

/// The next tag from `at` on. `strict` names are identifiers joined by dots.
pub(super) fn next_tag<'t>(source: &'t str, mut at: usize, delimiters: Delimiters, strict: bool) -> Found<'t> {
    let (open, close) = delimiters;
    let single = delimiters == SINGLE;
    // Behind the last closing brace no tag can open, and need not be searched for.
    let last = if single { find_last(source, b'}') } else { source.len() };
    while let Some(start) = find(source, open, at).filter(|start| *start <= last) {
        let mut body = start + open.len();
        let mut sigil = byte(source, body);
        if !b"#^/&!=>{".contains(&sigil) || (sigil == b'{' && delimiters != DOUBLE) {
            sigil = b' ';
        } else {
            body += 1;
        }
        let (stop, closing) = match sigil {
            b'=' => (find_pair(source, close, body, single), 1 + close.len()),
            b'{' => (find(source, "}}}", body), 3),
            b'!' => (find(source, close, body), close.len()),
            _ if single => (end_of_name(source, body), 1),
            _ => (find(source, close, body), close.len()),
        };
        let content = stop.and_then(|stop| source.get(body..stop)).unwrap_or("").trim();
        let named = matches!(sigil, b'!' | b'=') || is_name(content, strict || single);
        match stop {
            Some(stop) if named && sigil != b'>' => {
                let sigil = if sigil == b'{' { b'&' } else { sigil };
                return Found::Tag(Tag { start, end: stop + closing, sigil, content });
            }
            _ if single => {
                // The mistake of somebody who knows Mustache.
                if byte(source, start + 1) == b'{'
                    && let Some(stop) = end_of_name(source, start + 2)
                    && byte(source, stop + 1) == b'}'
                    && is_name(source.get(start + 2..stop).unwrap_or("").trim(), true)
                {
                    return Found::Fault(start, "these templates have single braces: write {name}, or set delimiters");
                }
                at = start + 1;
            }
            None => return Found::Fault(start, "a tag opens here and is never closed"),
            _ if sigil == b'>' => return Found::Fault(start, "partials ({{> …}}) are not supported"),
            _ => return Found::Fault(start, "a tag needs a name of letters, digits, _ and -, joined by dots"),
        }
    }
    Found::Nothing
}

/// The byte at a place, or zero.
pub(super) fn byte(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or(0)
}

/// The first place of `needle` from `at` on.
fn find(text: &str, needle: &str, at: usize) -> Option<usize> {
    (at..text.len()).find(|&place| byte(text, place) == byte(needle, 0) && starts_at(text, needle, place))
}

fn starts_at(text: &str, needle: &str, at: usize) -> bool {
    text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(needle.as_bytes()))
}

fn find_last(text: &str, wanted: u8) -> usize {
    text.bytes().rposition(|byte| byte == wanted).unwrap_or(0)
}

/// The place of an equals sign that `close` follows.
fn find_pair(text: &str, close: &str, at: usize, single: bool) -> Option<usize> {
    let end = if single { at + MAX_DELIMITER_TAG } else { text.len() };
    (at..end).find(|&place| byte(text, place) == b'=' && starts_at(text, close, place + 1))
}

/// Where the brace closes that a name in single braces ends with.
fn end_of_name(text: &str, at: usize) -> Option<usize> {
    let end = (at..text.len()).find(|&place| matches!(byte(text, place), b'{' | b'}'))?;
    (byte(text, end) == b'}').then_some(end)
}

/// Whether this is `.` or names joined by dots.
fn is_name(name: &str, strict: bool) -> bool {
    let mut previous = b'.';
    for byte in name.bytes() {
        let letter = byte.is_ascii_alphabetic() || byte == b'_';
        let within = letter || byte.is_ascii_digit() || byte == b'-';
        let sound = match previous {
            b'.' => byte != b'.' && (letter || !strict),
            _ => byte == b'.' || within || !strict,
        };
        if !sound || matches!(byte, b' ' | b'{' | b'}') {
            return name == ".";
        }
        previous = byte;
    }
    previous != b'.'
}
