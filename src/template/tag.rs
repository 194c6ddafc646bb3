//! Finding the next tag.

use super::{DOUBLE, Delimiters, SINGLE};
use crate::json::{byte, find, find_either, slice, starts_at, trim};

/// The sigil of the tag that stands for the end of the template.
pub(super) const END: u8 = 0;

/// The sigil of what should be a tag and is none: its content says what is wrong.
pub(super) const FAULT: u8 = b'?';

/// What is wrong with a set-delimiter tag.
pub(super) const BAD_DELIMITERS: &str = "new delimiters are two words between equals signs, like =<% %>=";

/// A tag and where it stands.
pub(super) struct Tag<'t> {
    pub(super) start: usize,
    pub(super) end: usize,
    /// `#`, `^`, `/`, `&`, `!` or `=`; a space for a plain value; [`END`] or [`FAULT`].
    pub(super) sigil: u8,
    pub(super) content: &'t str,
}

/// The next tag from `at` on. In single braces, what is no tag is text.
pub(super) fn next_tag<'t>(source: &'t str, at: usize, delimiters: &Delimiters) -> Tag<'t> {
    let (open, close) = *delimiters;
    let lenient = *delimiters == SINGLE;
    let mut start = at;
    loop {
        start = find(source, open, start);
        if start >= source.len() {
            return Tag { start, end: start, sigil: END, content: "" };
        }
        let mut body = start + open.len();
        let mut sigil = byte(source, body);
        let triple = sigil == b'{' && *delimiters == DOUBLE;
        if triple || matches!(sigil, b'#' | b'^' | b'/' | b'&' | b'!' | b'=' | b'>') {
            body += 1;
        } else {
            sigil = b' ';
        }
        let close = if triple { "}}}" } else { close };
        let stop = match sigil {
            b'=' => find(source, "=", body),
            // A name ends before the next brace: each byte is searched once, however many braces there are.
            _ if lenient && sigil != b'!' => find_either(source, close, open, body),
            _ => find(source, close, body),
        };
        let end = stop + usize::from(sigil == b'=');
        let closed = starts_at(source, close, end);
        let content = trim(slice(source, body, stop));
        if closed && (matches!(sigil, b'!' | b'=') || sigil != b'>' && is_name(content)) {
            let end = end + close.len();
            // The mistake of somebody who knows Mustache.
            if lenient && sigil == b' ' && start > at && byte(source, start - 1) == b'{' && byte(source, end) == b'}' {
                return fault(start - 1, "these templates have single braces: write {name}, or set delimiters");
            }
            return Tag { start, end, sigil: if triple { b'&' } else { sigil }, content };
        }
        if !lenient {
            return fault(
                start,
                match sigil {
                    b'=' => BAD_DELIMITERS,
                    _ if !closed => "a tag opens here and is never closed",
                    b'>' => "partials ({{> …}}) are not supported",
                    _ => "a tag needs a name of letters, digits, _ and -, joined by dots",
                },
            );
        }
        // Behind an open comment there is no brace that could close a tag.
        start = if sigil == b'!' { source.len() } else { start + 1 };
    }
}

fn fault(start: usize, what: &'static str) -> Tag<'static> {
    Tag { start, end: start, sigil: FAULT, content: what }
}

/// Whether this is `.` or names joined by dots.
fn is_name(name: &str) -> bool {
    let mut starts = true;
    for &byte in name.as_bytes() {
        let letter = byte.is_ascii_alphabetic() || byte == b'_';
        if !letter && (starts || !byte.is_ascii_digit() && byte != b'-' && byte != b'.') {
            return name == ".";
        }
        starts = byte == b'.';
    }
    !starts
}
